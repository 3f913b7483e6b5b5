// What Grafana 12.3 makes of a query before PostgreSQL sees it: first variables (in the browser), then macros (in the data source).

// ---- variables ----

const VARIABLE = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]+))?(?::([^}]+))?\}/g;

// Grafana's sqlstring also puts a backslash before double quotes; in a standard string literal it is data.
const sqlText = (v) => `'${String(v).replace(/'|"/g, (c) => (c === "'" ? "''" : '\\"'))}'`;
const each = (value, f, glue = ',') => (Array.isArray(value) ? value.map(f).join(glue) : f(value));

const FORMATS = {
  sqlstring: (value) => each(value, sqlText),
  csv: (value) => each(value, String),
  raw: (value) => each(value, String),
  percentencode: (value) => encodeURIComponent(Array.isArray(value) ? `{${value.join(',')}}` : value),
  queryparam: (value, name) => each(value, (v) => `var-${name}=${encodeURIComponent(v)}`, '&'),
};

// The PostgreSQL data source's own quoting, for a variable without a format: a list is quoted, a single value only has its quotes doubled.
const withoutFormat = (value) => {
  const doubled = (v) => String(v).replace(/'/g, "''");
  return Array.isArray(value) ? value.map((v) => `'${doubled(v)}'`).join(',') : doubled(value);
};

// interpolate TEXT with VALUES (name -> string or array of strings); an unknown name stays as it stands
export function interpolate(text, values) {
  return text.replace(VARIABLE, (match, bare, bracketed, bracketFormat, braced, _path, bracedFormat) => {
    const name = bare ?? bracketed ?? braced;
    if (!(name in values)) return match;
    const format = bracketFormat ?? bracedFormat;
    if (!format) return withoutFormat(values[name]);
    if (!(format in FORMATS)) throw new Error(`unknown variable format "${format}"`);
    return FORMATS[format](values[name], name);
  });
}

// the names a text refers to, with the format each is given
export function references(text) {
  return [...text.matchAll(VARIABLE)].map((m) => ({ name: m[1] ?? m[2] ?? m[4], format: m[3] ?? m[6] }));
}

// ---- macros ----

const MACRO = /\$([_a-zA-Z0-9]+)\(([^)]*)\)/g;
const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

// Go's RFC3339Nano: no fraction when there is none, no zeros at its end
const rfc3339 = (date) => date.toISOString().replace(/\.?0*Z$/, 'Z');
const seconds = (date) => Math.floor(date.getTime() / 1000);
const nanoseconds = (date) => (BigInt(date.getTime()) * 1_000_000n).toString();

export function intervalMs(text) {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text.trim().replace(/^['"]|['"]$/g, ''));
  // M and y are a width counted back from today: another bucket every day, so no board may use them
  if (!found) throw new Error(`interval ${text} is not a fixed length of time`);
  return Number(found[1]) * UNIT_MS[found[2]];
}

function checkFill(fill) {
  if (fill !== undefined && !/^(NULL|previous|-?\d+(\.\d+)?)$/.test(fill)) throw new Error(`fill ${fill} is neither NULL nor previous nor a number`);
}

function group(column, args, timescaledb) {
  if (args.length < 2) throw new Error('a group macro needs a column and an interval');
  checkFill(args[2]);
  const width = intervalMs(args[1]) / 1000;
  return timescaledb ? `time_bucket('${width.toFixed(3)}s',${column})` : `floor(extract(epoch from ${column})/${width})*${width}`;
}

function epochGroup(column, args) {
  if (args.length < 2) throw new Error('a group macro needs a column and an interval');
  checkFill(args[2]);
  const width = intervalMs(args[1]) / 1000;
  return `floor((${column})/${width})*${width}`;
}

function macro(name, args, { from, to, timescaledb }) {
  const column = args[0];
  switch (name) {
    case '__time': return `${column} AS "time"`;
    case '__timeEpoch': return `extract(epoch from ${column}) as "time"`;
    case '__timeFilter': return `${column} BETWEEN '${rfc3339(from)}' AND '${rfc3339(to)}'`;
    case '__timeFrom': return `'${rfc3339(from)}'`;
    case '__timeTo': return `'${rfc3339(to)}'`;
    case '__timeGroup': return group(column, args, timescaledb);
    case '__timeGroupAlias': return `${group(column, args, timescaledb)} AS "time"`;
    case '__unixEpochFilter': return `${column} >= ${seconds(from)} AND ${column} <= ${seconds(to)}`;
    case '__unixEpochNanoFilter': return `${column} >= ${nanoseconds(from)} AND ${column} <= ${nanoseconds(to)}`;
    case '__unixEpochNanoFrom': return nanoseconds(from);
    case '__unixEpochNanoTo': return nanoseconds(to);
    case '__unixEpochGroup': return epochGroup(column, args);
    case '__unixEpochGroupAlias': return `${epochGroup(column, args)} AS "time"`;
    default: throw new Error(`unknown macro "${name}"`);
  }
}

// expand the macros of SQL for a range { from, to } (Dates), interval ('1h', not below the data source's least) and timescaledb
export function expand(sql, { from, to, interval = '1m', timescaledb = false }) {
  const plain = sql
    .replaceAll('$__interval_ms', String(intervalMs(interval)))
    .replaceAll('$__interval', interval)
    .replaceAll('$__unixEpochFrom()', String(seconds(from)))
    .replaceAll('$__unixEpochTo()', String(seconds(to)));
  return plain.replace(MACRO, (match, name, inside) => {
    // the first occurrence decides for all of the same text, as in Grafana
    const followedByComma = plain[plain.indexOf(match) + match.length] === ',';
    const alias = followedByComma && (name === '__timeGroup' || name === '__unixEpochGroup') ? 'Alias' : '';
    return macro(name + alias, inside.split(',').map((a) => a.trim()), { from, to, timescaledb });
  });
}
