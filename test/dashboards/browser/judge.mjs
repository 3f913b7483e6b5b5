// What is wrong with a board as a browser shows it.  Pure: facts in, sentences out.

// Panels that may rightly show nothing say so in their description.
export const mayBeEmpty = (panel) => /may be empty/i.test(panel.description ?? '');

// facts: { panels: [{ title, error, empty }], failures: [text of failed queries], width, viewport }
export function judgePage(board, facts) {
  const bad = facts.failures.map((text) => `query failed: ${text}`);
  const declared = new Set(board.panels.filter(mayBeEmpty).map((p) => p.title));
  for (const { title, error, empty } of facts.panels) {
    if (error) bad.push(`panel "${title}" shows an error: ${error}`);
    if (empty && !declared.has(title)) bad.push(`panel "${title}" shows no data`);
  }
  if (facts.panels.length < board.panels.filter((p) => p.type !== 'row').length) bad.push(`only ${facts.panels.length} panels are shown`);
  if (facts.width > facts.viewport) bad.push(`the page is ${facts.width} pixels wide on a screen of ${facts.viewport}`);
  return bad;
}

// A followed link leads to a board that exists and keeps what the reader had chosen.
export function judgeLink(url, uids, kept) {
  const target = new URL(url, 'http://grafana.invalid');
  const uid = /\/d\/([^/?]+)/.exec(target.pathname)?.[1];
  const bad = uids.includes(uid) ? [] : [`${url} leads to no board of ours`];
  for (const name of kept) if (!target.searchParams.get(`var-${name}`)) bad.push(`${url} leaves ${name} behind`);
  return bad;
}

// rules: as Grafana lists them; each must have been evaluated without an error.
export function judgeRules(rules, expected) {
  const bad = expected.filter((title) => !rules.some((r) => r.name === title)).map((title) => `alert rule "${title}" is not there`);
  for (const r of rules) {
    if (!r.lastEvaluation || r.lastEvaluation.startsWith('0001')) bad.push(`alert rule "${r.name}" was not evaluated`);
    else if (r.health !== 'ok' && r.health !== 'nodata') bad.push(`alert rule "${r.name}": ${r.health} ${r.lastError ?? ''}`.trim());
  }
  return bad;
}
