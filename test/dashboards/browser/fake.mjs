// A server that looks to the browser test like Grafana, with a fault on demand: so that the test can be seen to find it.
import { createServer } from 'node:http';

const escape = (text) => text.replace(/[&<"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '"': '&quot;' })[c]);

function panelHtml(panel, fault, first) {
  const status = fault === 'panel error' && first ? '<button data-testid="data-testid Panel status error" aria-label="db query error"></button>' : '';
  const empty = fault === 'no data' && first ? '<div data-testid="data-testid Panel data error message">No data</div>' : '';
  return `<section data-testid="data-testid Panel header ${escape(panel.title)}">${status}${empty}</section>`;
}

function page(board, fault, search) {
  const shown = fault === 'missing panel' ? board.panels.slice(1) : board.panels;
  const area = fault === 'forgetful link' ? '' : '&var-period=2026-10';
  const drill = search.has('var-area') ? '' : `<a href="/d/${board.uid}?var-area=GP${area}&var-indicator=need_food">down</a>`;
  const wide = fault === 'too wide' ? '<div style="width:5000px;height:1px"></div>' : '';
  return `<!doctype html><body style="margin:0">${shown.map((p, i) => panelHtml(p, fault, i === 0)).join('')}${drill}${wide}
<script>fetch('/api/ds/query', { method: 'POST' })</script></body>`;
}

function rules(titles, fault) {
  const health = fault === 'failing rule' ? 'error' : 'ok';
  return { data: { groups: [{ rules: titles.map((name) => ({ name, health, lastEvaluation: '2026-11-01T00:00:00Z' })) }] } };
}

export async function fakeGrafana(boards, ruleTitles, fault) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    const json = (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const board = boards.find((b) => url.pathname === `/d/${b.uid}`);
    if (url.pathname === '/api/ds/query') json({ results: { A: fault === 'failing query' ? { error: 'permission denied' } : {} } });
    else if (url.pathname.startsWith('/api/prometheus')) json(rules(ruleTitles, fault));
    else if (board) response.writeHead(200, { 'content-type': 'text/html' }).end(page(board, fault, url.searchParams));
    else response.writeHead(404).end();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
