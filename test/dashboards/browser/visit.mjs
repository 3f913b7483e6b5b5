// One visit of a board with a browser: open it, wait until it is drawn, collect what it shows.  Selectors are Grafana 12's test ids.
const ROW_PX = 38;
const CHROME_PX = 400;
const SETTLE_MS = 60_000;

// Everything must be in view, for Grafana draws a panel only when it is scrolled to.
export function pageHeight(board, narrow) {
  const bottoms = board.panels.map((p) => p.gridPos.y + p.gridPos.h);
  const rows = narrow ? board.panels.reduce((sum, p) => sum + p.gridPos.h, 0) : Math.max(...bottoms);
  return rows * ROW_PX + CHROME_PX;
}

// Runs in the page.
function collect() {
  const testId = (text) => `[data-testid="data-testid ${text}"]`;
  const title = (panel) => panel.getAttribute('data-testid').replace(/^data-testid Panel header /, '');
  return {
    panels: [...document.querySelectorAll('[data-testid^="data-testid Panel header "]')].map((panel) => {
      const error = panel.querySelector(testId('Panel status error'));
      const message = panel.querySelector(testId('Panel data error message'));
      return { title: title(panel), error: error ? error.getAttribute('aria-label') ?? 'error' : null, empty: Boolean(message) };
    }),
    links: [...document.querySelectorAll('a[href*="/d/"]')].map((a) => a.getAttribute('href')),
    width: document.documentElement.scrollWidth,
    viewport: window.innerWidth,
  };
}

async function failureOf(response) {
  if (!response.url().includes('/api/ds/query')) return undefined;
  if (!response.ok()) return `${response.status()} ${(await response.text().catch(() => '')).slice(0, 200)}`;
  const { results = {} } = await response.json().catch(() => ({}));
  return Object.values(results).map((r) => r.error).find(Boolean);
}

// facts of the page at URL, as judge.mjs takes them, and its links; PICTURE is where the screenshot goes
export async function visit(page, url, picture) {
  const pending = [];
  const listen = (response) => pending.push(failureOf(response));
  page.on('response', listen);
  await page.goto(url, { waitUntil: 'networkidle', timeout: SETTLE_MS });
  await page.waitForFunction(() => document.querySelector('[data-testid^="data-testid Panel header "]')
    && !document.querySelector('[aria-label="Panel loading bar"]'), undefined, { timeout: SETTLE_MS });
  page.off('response', listen);
  const failures = (await Promise.all(pending)).filter(Boolean);
  if (picture) await page.screenshot({ path: picture });
  return { ...(await page.evaluate(collect)), failures };
}
