// What judge() says of results that a board must not have.
import { judge } from './queries.mjs';
import { ok } from './tap.mjs';

const time = { name: 'time', oid: 1184 }, value = { name: 'value', oid: 701 }, metric = { name: 'metric', oid: 25 }, reason = { name: 'reason', oid: 25 };
const SERIES = { format: 'time_series', kind: 'panel' }, TABLE = { format: 'table', kind: 'panel' };
const JAN = '2026-01-01 00:00:00+00', FEB = '2026-02-01 00:00:00+00';

const SOUND = [
  ['a series', SERIES, [time, metric, value], [[JAN, 'a', '1'], [JAN, 'b', null], [FEB, 'a', '2']]],
  ['an empty series', SERIES, [time, value], []],
  ['a withheld value', TABLE, [value, reason], [[null, 'withheld'], ['0', null]]],
  ['an alert', { format: 'table', kind: 'alert' }, [metric, value], [['a', '1']]],
];
const UNSOUND = [
  ['jsonb', /type 3802/, TABLE, [{ name: 'x', oid: 3802 }], []],
  ['bigint', /type 20/, TABLE, [{ name: 'x', oid: 20 }], []],
  ['a geometry', /type 99999/, TABLE, [{ name: 'x', oid: 99999 }], []],
  ['time that goes back', /ascend/, SERIES, [time, value], [[FEB, '1'], [JAN, '2']]],
  ['no time', /without time/, SERIES, [time, value], [[null, '1']]],
  ['no column time', /no column named time/, SERIES, [value], [['1']]],
  ['time as text', /time has type 25/, SERIES, [{ name: 'time', oid: 25 }, value], []],
  ['a series without a number', /no numeric column/, SERIES, [time, metric], []],
  ['two rows of one series and time', /same time and labels/, SERIES, [time, metric, value], [[JAN, 'a', '1'], [JAN, 'a', '2']]],
  ['infinity', /infinite/, TABLE, [value], [['Infinity']]],
  ['a value beside a reason', /beside a reason/, TABLE, [value, reason], [['3', 'withheld']]],
  ['too many rows', /rows/, TABLE, [value], Array.from({ length: 10_001 }, () => ['1'])],
  ['two options of one text', /same text/, { format: 'table', kind: 'variable' }, [{ name: '__text', oid: 25 }, { name: '__value', oid: 25 }], [['a', '1'], ['a', '2']]],
  ['an alert with two numbers', /one numeric column/, { format: 'table', kind: 'alert' }, [value, { name: 'other', oid: 1700 }], []],
  ['an alert with a time', /one numeric column/, { format: 'table', kind: 'alert' }, [value, time], []],
];

export function testJudge() {
  for (const [name, query, fields, rows] of SOUND) {
    const problems = judge(query, { fields, rows });
    ok(problems.length === 0, `sound: ${name}`, problems);
  }
  for (const [name, pattern, query, fields, rows] of UNSOUND) {
    const problems = judge(query, { fields, rows });
    ok(problems.some((p) => pattern.test(p)), `found: ${name}`, problems);
  }
}
