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

// What a viewer of an audience's board may send himself: any query that its login may run.
const ATTACKS = {
  'the facts behind': 'SELECT count(*) FROM centre.observation',
  'the tables of releases': 'SELECT value FROM centre.release_cell LIMIT 1',
  'the ledger of subjects': 'SELECT * FROM centre.ledger_leaf LIMIT 1',
  'the officials': 'SELECT * FROM centre.official LIMIT 1',
  'what the publisher is told': "SELECT * FROM centre.publication_advice('training_demand')",
  'publishing for himself': "CALL centre.publish('training_demand', '2026-10-01')",
  'another role': 'SET ROLE civic_reader',
  'writing': 'CREATE TEMP TABLE t AS SELECT 1',
};
// and views of other audiences, which have no row for this one
const EMPTY = {
  'releases for others': `SELECT r.cube FROM dash.released r UNION ALL SELECT r.cube FROM dash.released_row r WHERE NOT EXISTS (SELECT FROM dash.audience a WHERE a.code = r.audience)`,
  'how the system is doing': 'SELECT source FROM dash.intake_source',
  'the effect of policies': 'SELECT policy FROM dash.policy_effect',
  'feeds of agencies': 'SELECT agency FROM dash.feed',
};

async function checkAttacks(login) {
  for (const [what, sql] of Object.entries(ATTACKS)) {
    // a connection each: one refused statement must not be the reason for the next refusal
    const attacker = await open({ user: login, database });
    const answer = await attacker.query(sql).catch((e) => e);
    ok(['42501', '25006'].includes(answer.sqlstate), `${login} is refused ${what}`, [String(answer)]);
    attacker.end();
  }
  const attacker = await open({ user: login, database });
  for (const [what, sql] of Object.entries(EMPTY)) {
    const { rows } = await attacker.query(sql);
    ok(rows.length === 0, `${login} sees nothing of ${what}`, rows.slice(0, 3));
  }
  attacker.end();
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
await checkAttacks(AUDIENCE_LOGINS['pgcivic-provider']);
// else the checks of what stands beside a reason prove nothing
for (const [login, rows] of Object.entries(withheld)) ok(rows > 0, `withheld values were among the answers to ${login}: ${rows}`);
for (const { file, json } of alertFiles()) {
  checkAlertLinks(file, json, all);
  await checkAlerts(file, json, client);
}
await checkMaps(all.map((b) => b.json), client);
client.end();
plan();
