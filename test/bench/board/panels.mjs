// panels DATABASE: each panel of each board as it opens, asked by its audience; CPU milliseconds of the backend, the better of two runs.
import { readFileSync } from 'node:fs';
import { boards, queriesOf, variablesOf } from '../../dashboards/boards.mjs';
import { expand, interpolate } from '../../dashboards/macros.mjs';
import { open } from '../../dashboards/postgres.mjs';
import { RANGES, choose } from '../../dashboards/queries.mjs';
import { AUDIENCE_LOGINS } from '../../dashboards/seed.mjs';

const database = process.argv[2];
const RANGE = RANGES['2 y'];
// what a board opens with: the first of each choice, and all where several may be chosen
const opened = (options, multi) => (multi ? options : options[0] ?? '');
const cpuMs = (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

async function time(client, pid, sql) {
  let best = Infinity, rows = 0;
  for (let run = 0; run < 2; run++) {
    const before = cpuMs(pid);
    rows = (await client.query(sql)).rows.length;
    best = Math.min(best, cpuMs(pid) - before);
  }
  return { ms: best, rows };
}

async function timeBoard(board) {
  const login = AUDIENCE_LOGINS[variablesOf(board).find((v) => v.type === 'datasource').current.value];
  const client = await open({ user: login, database });
  const pid = (await client.query('SELECT pg_backend_pid()')).rows[0][0];
  await client.query("SET statement_timeout = '10min'");
  const ask = (query, values) => client.query(expand(interpolate(query.sql, values), RANGE));
  const values = await choose(board, opened, RANGE, ask);
  let whole = 0, slowest = 0;
  for (const query of queriesOf(board)) {
    const copies = query.repeat ? [values[query.repeat]].flat() : [undefined];
    for (const copy of copies) {
      const sql = expand(interpolate(query.sql, copy === undefined ? values : { ...values, [query.repeat]: copy }), RANGE);
      const { ms, rows } = await time(client, pid, sql);
      console.log(`${ms.toFixed(0).padStart(7)} ms ${String(rows).padStart(6)} rows  ${board.uid}: ${query.where}${copy ? ` (${copy})` : ''}`);
      whole += ms;
      slowest = Math.max(slowest, ms);
    }
  }
  client.end();
  console.log(`board ${board.uid}: ${whole.toFixed(0)} ms in all, slowest ${slowest.toFixed(0)} ms`);
  return { uid: board.uid, whole, slowest };
}

const results = [];
for (const { json } of boards()) results.push(await timeBoard(json));
console.log(`ratio slowest_panel_ms ${Math.max(...results.map((r) => r.slowest)).toFixed(0)}`);
for (const { uid, whole } of results) console.log(`ratio board_${uid}_ms ${whole.toFixed(0)}`);
