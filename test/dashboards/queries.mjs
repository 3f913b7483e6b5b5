// Runs every query of a board as its reader, the way Grafana would send it, over ranges and choices, and judges what comes back.
import { expand, interpolate } from './macros.mjs';
import { queriesOf, variablesOf } from './boards.mjs';

const MAX_ROWS = 10_000;
const TYPES = { bool: 16, int2: 21, int4: 23, text: 25, float4: 700, float8: 701, varchar: 1043, date: 1082, timestamptz: 1184, numeric: 1700 };
// the columns Grafana shows as they are; bigint loses digits in a browser, json breaks series, other types are text by accident
const ALLOWED = new Set(Object.values(TYPES));
const NUMBERS = new Set([TYPES.int2, TYPES.int4, TYPES.float4, TYPES.float8, TYPES.numeric]);
const TEXTS = new Set([TYPES.text, TYPES.varchar]);
// columns that are empty wherever a reason says why
const FIGURES = ['value', 'measure', 'rate', 'ci_lower', 'ci_upper', 'possible_from', 'possible_to', 'proportion'];

// the end of the seeded reports stands in for now
const NOW = new Date('2026-11-01T00:00:00Z');
const before = (days) => ({ from: new Date(NOW.getTime() - days * 86_400_000), to: NOW });
export const RANGES = {
  '6 h': { ...before(0.25), interval: '1m' },
  '30 d': { ...before(30), interval: '1h' },
  '2 y': { ...before(730), interval: '1d' },
  'empty': { from: new Date('2031-01-01T00:00:00Z'), to: new Date('2031-02-01T00:00:00Z'), interval: '1h' },
};

const QUOTE = `O'Brien "x" \\'; $__nothing`;
// What a reader picks of a variable's options; multi says whether several can be picked.  "most" stands for "several" and "all", which LONG=1 asks for.
export const CHOICES = {
  one: (options, multi) => (multi ? options.slice(0, 1) : options[0] ?? ''),
  several: (options, multi) => (multi ? options.slice(0, 3) : options[1] ?? options[0] ?? ''),
  all: (options, multi) => (multi ? options : options.at(-1) ?? ''),
  most: (options, multi) => (multi ? options : options[1] ?? options[0] ?? ''),
  none: (options, multi) => (multi ? [] : ''),
  quote: (options, multi) => (multi ? [QUOTE, ...options.slice(0, 1)] : QUOTE),
};

// what is wrong with the result of a query, as a list of sentences
export function judge({ format, kind }, { fields, rows }) {
  const bad = [];
  const index = (name) => fields.findIndex((f) => f.name === name);
  for (const f of fields) if (!ALLOWED.has(f.oid)) bad.push(`column ${f.name} has type ${f.oid}`);
  if (rows.length > MAX_ROWS) bad.push(`${rows.length} rows`);
  if (rows.some((r) => r.some((v) => /^-?(infinity|nan)$/i.test(v ?? '')))) bad.push('an infinite value');
  if (format === 'time_series' || kind === 'annotation') bad.push(...judgeTime(index('time'), fields, rows));
  if (format === 'time_series' && !fields.some((f) => f.name !== 'time' && NUMBERS.has(f.oid))) bad.push('no numeric column');
  if (kind === 'variable') bad.push(...judgeOptions(index('__text'), rows));
  if (kind === 'alert') bad.push(...judgeAlert(fields));
  const reason = index('reason');
  if (reason >= 0) {
    for (const name of FIGURES) if (index(name) >= 0 && rows.some((r) => r[reason] !== null && r[index(name)] !== null)) bad.push(`${name} has a value beside a reason for none`);
  }
  return bad;
}

function judgeTime(at, fields, rows) {
  if (at < 0) return ['no column named time'];
  if (![TYPES.timestamptz, TYPES.date, ...NUMBERS].includes(fields[at].oid)) return [`time has type ${fields[at].oid}`];
  const times = rows.map((r) => r[at]);
  if (times.includes(null)) return ['a row without time'];
  // the session's zone is UTC, so text sorts as time does
  if (times.some((t, i) => i > 0 && t < times[i - 1])) return ['time does not ascend'];
  const labels = (row) => row.filter((_, i) => i === at || TEXTS.has(fields[i].oid)).join('\u0000');
  return new Set(rows.map(labels)).size === rows.length ? [] : ['two rows of the same time and labels'];
}

const judgeOptions = (at, rows) => (at >= 0 && new Set(rows.map((r) => r[at])).size < rows.length ? ['two options of the same text: Grafana drops one'] : []);

// Grafana makes one alert instance of each row: exactly one number, the rest labels
function judgeAlert(fields) {
  const numbers = fields.filter((f) => NUMBERS.has(f.oid)).length;
  const labels = fields.filter((f) => TEXTS.has(f.oid)).length;
  return numbers === 1 && numbers + labels === fields.length ? [] : ['an alert needs exactly one numeric column and text columns'];
}

// rows that say why they have no value
function countWithheld(result) {
  const at = result?.fields.findIndex((f) => f.name === 'reason') ?? -1;
  return at < 0 ? 0 : result.rows.filter((r) => r[at] !== null).length;
}

// the options of a variable's query result, as Grafana reads them
function optionsOf({ fields, rows }) {
  const at = fields.findIndex((f) => f.name === '__value');
  return at >= 0 ? rows.map((r) => r[at]) : [...new Set(rows.flat())];
}

// The text as Grafana sends it is asked for once: most queries do not depend on the range, and need not be run for each.
async function attempt(ask, query, values, range, answers) {
  try {
    const sql = expand(interpolate(query.sql, values), range);
    const key = `${query.where}\n${sql}`;
    if (!answers.has(key)) {
      const result = await ask(sql);
      answers.set(key, { result, problems: judge(query, result), isNew: true });
    } else answers.get(key).isNew = false;
    return answers.get(key);
  } catch (e) {
    // a value that is none of a variable's options is refused by name; nothing else may fail
    const refused = e.message.includes('there is no ') && Object.values(values).flat().includes(QUOTE);
    return { problems: refused ? [] : [e.message], isNew: true };
  }
}

// The variables of a board under a choice, each asked for with those before it.
export async function choose(board, choice, range, run) {
  const values = { ds: 'pgcivic' };
  for (const v of variablesOf(board)) {
    if (v.type !== 'query') continue;
    const result = await run(variableQuery(board, v.name), values, range);
    values[v.name] = choice(result ? optionsOf(result) : [], v.multi);
  }
  return values;
}

// The quote in one variable alone, where the others have values that are known; what offers those is asked for with it too.
async function quoted(board, name, known, range, run) {
  const values = { ...known, [name]: CHOICES.quote([known[name]].flat(), Array.isArray(known[name])) };
  for (const v of variablesOf(board)) if (v.type === 'query') await run(variableQuery(board, v.name), values, range);
  return values;
}

const variableQuery = (board, name) => queriesOf(board).find((q) => q.where === `variable ${name}`);

// Run all queries of a board with ASK (sql -> { fields, rows }).  Gives a Map: where -> { runs, asked (distinct texts), rows, withheld, problems: [text] }.
export async function runBoard(board, ask) {
  const tally = new Map(queriesOf(board).map((q) => [q.where, { ...q, runs: 0, asked: 0, rows: 0, withheld: 0, problems: [] }]));
  const names = variablesOf(board).filter((v) => v.type === 'query').map((v) => v.name);
  const choices = Object.keys(CHOICES).filter((c) => process.env.LONG || !['several', 'all'].includes(c));
  const cases = [...choices.map((c) => [c, undefined]), ...names.map((n) => ['quote', n])];
  const answers = new Map();
  for (const [label, range] of Object.entries(RANGES)) {
    let one;
    // every choice over the longest range, every range with one choice; with LONG=1 each with each
    for (const [choice, pinned] of cases.filter(([c]) => process.env.LONG || label === '2 y' || c === 'one')) {
      const run = async (query, values) => {
        const entry = tally.get(query.where);
        const { result, problems, isNew } = await attempt(ask, query, values, range, answers);
        entry.runs++;
        if (isNew) entry.asked++;
        entry.rows += result?.rows.length ?? 0;
        entry.withheld += countWithheld(result);
        entry.problems.push(...problems.map((p) => `${label}, ${choice}${pinned ? ` in ${pinned}` : ''}: ${p}`));
        return result;
      };
      const values = pinned ? await quoted(board, pinned, one, range, run) : await choose(board, CHOICES[choice], range, run);
      if (choice === 'one') one = values;
      for (const query of queriesOf(board).filter((q) => q.kind !== 'variable')) {
        // a repeated panel asks once for each value
        const copies = query.repeat ? [values[query.repeat]].flat() : [undefined];
        for (const copy of copies) await run(query, copy === undefined ? values : { ...values, [query.repeat]: copy });
      }
    }
  }
  return tally;
}
