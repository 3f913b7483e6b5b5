// Tests of the browser test: its judgement always; the whole tour on a false Grafana where Chromium is at hand.  Prints TAP.
import { join } from 'node:path';
import { root } from '../seed.mjs';
import { ok, plan, skip } from '../tap.mjs';
import { launch } from './chromium.mjs';
import { fakeGrafana } from './fake.mjs';
import { judgeLink, judgePage, judgeRules } from './judge.mjs';
import { tour } from './tour.mjs';
import { pageHeight } from './visit.mjs';

const panel = (title, y) => ({ title, description: 'x', gridPos: { x: 0, y, w: 24, h: 4 } });
const BOARD = { uid: 'civic-unit', panels: [panel('one', 0), panel('two', 4)] };
const FAULTS = ['panel error', 'no data', 'missing panel', 'too wide', 'failing query', 'forgetful link', 'failing rule'];

function testJudge() {
  const board = { uid: 'b', panels: [{ title: 'full', description: 'x' }, { title: 'quiet', description: 'It may be empty on a good day.' }] };
  const good = { panels: [{ title: 'full' }, { title: 'quiet', empty: true }], failures: [], width: 390, viewport: 390 };
  const change = (changes) => judgePage(board, { ...good, ...changes }).length;
  ok(change({}) === 0, 'a good page passes, and a panel that may be empty with it');
  ok(change({ panels: [{ title: 'full', empty: true }, { title: 'quiet' }] }) === 1, 'no data where there should be some');
  ok(change({ panels: [{ title: 'full', error: 'x' }, { title: 'quiet' }] }) === 1, 'an error in a panel');
  ok(change({ panels: [{ title: 'full' }] }) === 1, 'a panel that is missing');
  ok(change({ failures: ['403'] }) === 1, 'a query that failed');
  ok(change({ width: 391 }) === 1, 'a page wider than its screen');
  ok(judgeLink('/d/b?var-area=GP&var-period=2026', ['b'], ['area', 'period']).length === 0, 'a good link');
  ok(judgeLink('/d/c?var-area=GP', ['b'], ['area', 'period']).length === 2, 'a link to nowhere that forgets the period');
  ok(judgeRules([{ name: 'r', health: 'ok', lastEvaluation: '2026-11-01T00:00:00Z' }], ['r']).length === 0, 'a rule evaluated');
  ok(judgeRules([{ name: 'r', health: 'error', lastEvaluation: '2026-11-01T00:00:00Z' }], ['r', 's']).length === 2, 'a rule that fails and one that is missing');
  ok(judgeRules([{ name: 'r', health: 'unknown', lastEvaluation: '0001-01-01T00:00:00Z' }], ['r']).length === 1, 'a rule not evaluated');
  const tall = { panels: [{ gridPos: { y: 0, h: 10 } }, { gridPos: { y: 0, h: 10 } }] };
  ok(pageHeight(tall, true) > pageHeight(tall, false), 'on a phone panels stand one under another');
}

async function complaintsOf(browser, fault) {
  const server = await fakeGrafana([BOARD], ['a rule'], fault);
  const complaints = [];
  await tour({
    browser, address: server.address, boards: [BOARD], ruleTitles: ['a rule'], folder: join(root, 'build', 'screenshots', 'unit'),
    check: (_, bad) => complaints.push(...bad), ruleWaitMs: 1, sizes: { desk: 1000 }, themes: ['light'],
  });
  server.close();
  return complaints;
}

async function testTour() {
  const browser = await launch();
  if (!browser) return skip('the tour of a false Grafana', 'chromium or playwright-core is not installed ("make check-grafana" installs both)');
  const good = await complaintsOf(browser);
  ok(good.length === 0, 'a false Grafana without fault passes', good);
  for (const fault of FAULTS) ok((await complaintsOf(browser, fault)).length > 0, `the tour finds: ${fault}`);
  return browser.close();
}

testJudge();
await testTour();
plan();
