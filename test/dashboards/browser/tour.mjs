// The tour of all boards: two sizes, two themes, drill-down links, alert rules.  check(text, complaints) is told each result.
import { mkdirSync } from 'node:fs';
import { judgeLink, judgePage, judgeRules } from './judge.mjs';
import { pageHeight, visit } from './visit.mjs';

const SIZES = { desk: 1920, phone: 390 };
const THEMES = ['light', 'dark'];
const KEPT = ['area', 'period', 'indicator'];
const RULE_WAIT_MS = 120_000;

async function tourBoard({ browser, address, folder, check, sizes = SIZES, themes = THEMES }, board) {
  let links = [];
  for (const [size, width] of Object.entries(sizes)) {
    const page = await browser.newPage({ viewport: { width, height: pageHeight(board, size === 'phone') } });
    for (const theme of themes) {
      const facts = await visit(page, `${address}/d/${board.uid}?kiosk&theme=${theme}`, `${folder}/${board.uid}-${size}-${theme}.png`);
      check(`${board.uid}: ${size}, ${theme}`, judgePage(board, facts));
      if (size === 'desk') links = facts.links;
    }
    await page.close();
  }
  return links.find((href) => /\/d\/civic-/.test(href) && href.includes('var-area='));
}

async function follow(browser, address, boards, href, check) {
  const bad = judgeLink(href, boards.map((b) => b.uid), KEPT);
  const target = boards.find((b) => href.includes(`/d/${b.uid}`));
  if (target) {
    const page = await browser.newPage({ viewport: { width: SIZES.desk, height: pageHeight(target, false) } });
    const facts = await visit(page, new URL(href, address).href);
    // a part of the country may have no values where the country has them
    bad.push(...judgePage(target, { ...facts, panels: facts.panels.map((p) => ({ ...p, empty: false })) }));
    await page.close();
  }
  check(`drill-down ${href.slice(0, 80)}`, bad);
}

async function rulesOf(address) {
  const answer = await fetch(`${address}/api/prometheus/grafana/api/v1/rules`);
  return (await answer.json()).data.groups.flatMap((g) => g.rules);
}

// rules are evaluated once a minute: wait for the first time
async function tourRules(address, expected, check, waitMs) {
  const until = Date.now() + waitMs;
  let bad;
  do {
    bad = judgeRules(await rulesOf(address), expected);
    if (bad.length) await new Promise((done) => setTimeout(done, Math.min(5000, waitMs)));
  } while (bad.length && Date.now() < until);
  check(`${expected.length} alert rules`, bad);
}

export async function tour(settings) {
  const { browser, address, boards, ruleTitles, folder, check, ruleWaitMs = RULE_WAIT_MS } = settings;
  mkdirSync(folder, { recursive: true });
  for (const board of boards) {
    const href = await tourBoard(settings, board);
    if (href) await follow(browser, address, boards, href, check);
  }
  await tourRules(address, ruleTitles, check, ruleWaitMs);
}
