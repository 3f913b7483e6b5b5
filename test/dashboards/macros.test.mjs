// Macros and quoting as Grafana 12.3 does them; the expected texts are its documented table for PostgreSQL.
import { expand, intervalMs, interpolate } from './macros.mjs';
import { is, throws } from './tap.mjs';

const RANGE = { from: new Date('2026-10-01T00:00:00Z'), to: new Date('2026-10-01T06:30:00.250Z'), interval: '30s' };
const FROM = '2026-10-01T00:00:00Z', TO = '2026-10-01T06:30:00.25Z';

const MACROS = [
  ['$__time(c)', 'c AS "time"'],
  ['$__timeEpoch(c)', 'extract(epoch from c) as "time"'],
  ['WHERE $__timeFilter(c)', `WHERE c BETWEEN '${FROM}' AND '${TO}'`],
  ['$__timeFrom()::timestamptz', `'${FROM}'::timestamptz`],
  ['$__timeTo()', `'${TO}'`],
  ["$__timeGroup(c,'5m')", 'floor(extract(epoch from c)/300)*300'],
  ["$__timeGroup(c, 5m, NULL) x", 'floor(extract(epoch from c)/300)*300 x'],
  ["SELECT $__timeGroup(c,'1h'), v", 'SELECT floor(extract(epoch from c)/3600)*3600 AS "time", v'],
  ["$__timeGroupAlias(c,'1d',previous)", 'floor(extract(epoch from c)/86400)*86400 AS "time"'],
  ["$__timeGroup(c,'250ms',0)", 'floor(extract(epoch from c)/0.25)*0.25'],
  ['$__unixEpochFilter(c)', 'c >= 1790812800 AND c <= 1790836200'],
  ['$__unixEpochNanoFilter(c)', 'c >= 1790812800000000000 AND c <= 1790836200250000000'],
  ['$__unixEpochNanoFrom() $__unixEpochNanoTo()', '1790812800000000000 1790836200250000000'],
  ["$__unixEpochGroup(c,'5m')", 'floor((c)/300)*300'],
  ["$__unixEpochGroupAlias(c,'5m')", 'floor((c)/300)*300 AS "time"'],
  ['$__unixEpochFrom() $__unixEpochTo()', '1790812800 1790836200'],
  ["'$__interval' $__interval_ms", "'30s' 30000"],
];

const VALUES = { one: "O'Brien", several: ['a', "b'c"], none: [], double: 'say "x"' };
const VARIABLES = [
  ['${one:sqlstring}', "'O''Brien'"],
  ['IN (${several:sqlstring})', "IN ('a','b''c')"],
  ['ARRAY[${none:sqlstring}]::text[]', 'ARRAY[]::text[]'],
  ['${double:sqlstring}', `'say \\"x\\"'`],
  ['$one', "O''Brien"],
  ['${several}', "'a','b''c'"],
  ['[[one]]', "O''Brien"],
  ['${several:csv}', "a,b'c"],
  ['${several:queryparam}', "var-several=a&var-several=b'c"],
  ['${unknown} $__timeFrom()', '${unknown} $__timeFrom()'],
];

export function testMacros() {
  for (const [sql, want] of MACROS) is(expand(sql, RANGE), want, `macro ${sql}`);
  is(expand("$__timeGroup(c,'5m')", { ...RANGE, timescaledb: true }), "time_bucket('300.000s',c)", 'macro $__timeGroup with timescaledb');
  throws(() => expand('$__timeGroups(c)', RANGE), /unknown macro "__timeGroups"/, 'an unknown macro is an error');
  throws(() => expand("$__timeGroup(c,'1M')", RANGE), /not a fixed length/, 'a calendar interval is refused');
  throws(() => expand("$__timeGroup(c,'1y',0)", RANGE), /not a fixed length/, 'a year is refused');
  throws(() => expand("$__timeGroup(c,'1h',nothing)", RANGE), /fill/, 'an unknown fill is refused');
  throws(() => expand('$__timeGroup(c)', RANGE), /column and an interval/, 'a group needs an interval');
  is(expand("$__timeFilter(date_trunc('day',t))", RANGE), `date_trunc('day' BETWEEN '${FROM}' AND '${TO}')`, 'a parenthesis inside a macro breaks it, as in Grafana');
  is(intervalMs('1w'), 604_800_000, 'a week is seven days');
  for (const [text, want] of VARIABLES) is(interpolate(text, VALUES), want, `variable ${text}`);
  throws(() => interpolate('${one:sql}', VALUES), /unknown variable format/, 'an unknown format is an error');
}
