// Tests of the boards: unit tests of the tools here, lint, the JSON against its source, every query as the reader.  Prints TAP.
//   PGHOST, PGPORT and PGUSER (a superuser) say which cluster; the database civic_boards is made anew.
import { alertFiles, alertQueriesOf, boards, variablesOf } from './boards.mjs';
import { lint } from './lint.mjs';
import { open } from './postgres.mjs';
import { RANGES, judge, runBoard } from './queries.mjs';
import { expand } from './macros.mjs';
import { AUDIENCE_LOGINS, database, seed } from './seed.mjs';
import { checkGenerated } from './generated.mjs';
import { checkMaps } from './maps.mjs';
import { ok, plan } from './tap.mjs';
import { testMacros } from './macros.test.mjs';
import { testLint } from './lint.test.mjs';
import { testJudge } from './queries.test.mjs';

const READER = 'civic_reader';

// whom a board is for: the login behind the data source it opens with
const roleOf = (board) => AUDIENCE_LOGINS[variablesOf(board).find((v) => v.type === 'datasource').current.value];

async function checkQueries(board, client) {
  const tally = await runBoard(board, client.query);
  let withheldRows = 0;
  for (const [where, { runs, asked, rows, withheld, problems, kind, mayBeEmpty }] of tally) {
    // a query that never gives a row proves nothing
    if (rows === 0 && kind !== 'annotation' && !mayBeEmpty) problems.push('no row in any run');
    withheldRows += withheld;
    ok(problems.length === 0, `${board.uid}: ${where}: ${runs} runs, ${asked} different, ${rows} rows`, [...new Set(problems)]);
  }
  return withheldRows;
}

// an alert leads to the panel that shows the same
function checkAlertLinks(file, json, all) {
  for (const { title, dashboardUid, panelId } of json.groups.flatMap((g) => g.rules)) {
    ok(all.some((b) => b.json.uid === dashboardUid && b.json.panels.some((p) => p.id === panelId)), `${file}: ${title} leads to a panel`);
  }
}

async function checkAlerts(file, json, client) {
  for (const query of alertQueriesOf(json)) {
    for (const [label, range] of Object.entries(RANGES)) {
      const problems = await client.query(expand(query.sql, range)).then((result) => judge(query, result), (e) => [e.message]);
      ok(problems.length === 0, `${file}: ${query.where}: ${label}`, problems);
    }
  }
}

testMacros();
const all = boards();
testLint(all.find((b) => b.json.uid === 'civic-needs').json);
testJudge();
for (const { file, json } of all) {
  const complaints = lint(json, all.map((b) => b.json));
  ok(complaints.length === 0, `${file} lints clean`, complaints);
}
checkGenerated([...all, ...alertFiles()]);

seed();
const client = await open({ user: READER, database });
const who = await client.query("SELECT current_user::text, current_setting('default_transaction_read_only'), current_setting('search_path')");
ok(who.rows[0].join() === `${READER},on,dash`, 'queries run as the reader, read only, in schema dash', who.rows);
const refused = await client.query('SELECT value FROM centre.release_cell LIMIT 1').catch((e) => e);
ok(refused.sqlstate === '42501', 'the reader is refused the tables behind', [String(refused)]);
const withheld = {};
for (const { json } of all) {
  const login = roleOf(json);
  const audience = await open({ user: login, database });
  withheld[login] = (withheld[login] ?? 0) + await checkQueries(json, audience);
  audience.end();
}
// else the checks of what stands beside a reason prove nothing
for (const [login, rows] of Object.entries(withheld)) ok(rows > 0, `withheld values were among the answers to ${login}: ${rows}`);
for (const { file, json } of alertFiles()) {
  checkAlertLinks(file, json, all);
  await checkAlerts(file, json, client);
}
await checkMaps(all.map((b) => b.json), client);
client.end();
plan();
