// Rules that every board keeps.  lint(board, boards) gives a list of complaints, each beginning with its rule's name.
import { expand, intervalMs, references } from './macros.mjs';
import { annotationsOf, isDataPanel, panelsOf, queriesOf, variablesOf } from './boards.mjs';

const DATA_SOURCE = { type: 'grafana-postgresql-datasource', uid: '${ds}' };
const SCHEMA_VERSION = 42;
const LEAST_REFRESH_MS = 60_000;
const GRID_WIDTH = 24;
const RANGE = { from: new Date(0), to: new Date(1) };
// variables of Grafana's own
const BUILT_IN = /^__/;
// what a drill-down takes along
const CARRIED = ['area', 'period', 'indicator'];

const isOurs = (ref) => ref?.type === DATA_SOURCE.type && ref?.uid === DATA_SOURCE.uid;
const nullMapping = (panel) => (panel.fieldConfig?.defaults?.mappings ?? []).find((m) => m.type === 'special' && m.options?.match === 'null');

function boardRules(board) {
  const bad = [];
  if (board.id !== null) bad.push('board-id: id is not null');
  if (!/^[a-z0-9-]{3,40}$/.test(board.uid ?? '')) bad.push('board-uid: no stable uid');
  if (board.schemaVersion !== SCHEMA_VERSION) bad.push(`schema-version: ${board.schemaVersion} is not ${SCHEMA_VERSION}`);
  if (!board.title || !board.description) bad.push('board-title: no title or description');
  if (board.editable !== false) bad.push('uneditable: the board may be edited in the browser');
  if (!board.timezone) bad.push('timezone: not stated');
  for (const every of [board.refresh, ...(board.timepicker?.refresh_intervals ?? [])]) {
    if (every && intervalMs(every) < LEAST_REFRESH_MS) bad.push(`refresh: ${every} is faster than data`);
  }
  const about = panelsOf(board).find((p) => p.type === 'text');
  if (!about || !/\*\*Source/.test(about.options?.content) || !/\*\*Last data:\*\* \$\{fresh\}/.test(about.options?.content)) {
    bad.push('about-panel: no text panel with source and last data time');
  }
  return bad;
}

function variableRules(board) {
  const bad = [];
  const variables = variablesOf(board);
  if (variables.filter((v) => v.type === 'datasource' && v.query === DATA_SOURCE.type && `\${${v.name}}` === DATA_SOURCE.uid).length !== 1) {
    bad.push('template-datasource: no data source variable ds');
  }
  for (const v of variables.filter((x) => x.type === 'query')) {
    if (!isOurs(v.datasource)) bad.push(`template-datasource-use: variable ${v.name} has another data source`);
    if (v.refresh !== 2) bad.push(`template-on-time-change-reload: variable ${v.name} does not reload`);
    if (!v.label) bad.push(`template-label: variable ${v.name} has no label`);
  }
  for (const a of annotationsOf(board)) if (!isOurs(a.datasource) || !isOurs(a.target.datasource)) bad.push(`annotation-datasource: ${a.name} has another data source`);
  return bad;
}

function panelRules(board) {
  const bad = [];
  const seen = new Set();
  for (const p of panelsOf(board)) {
    const name = `panel ${p.id} "${p.title}"`;
    if (!Number.isInteger(p.id) || p.id < 1 || seen.has(p.id)) bad.push(`unique-ids: ${name}`);
    seen.add(p.id);
    if (p.type === 'row') continue;
    if (!p.title || !p.description) bad.push(`panel-title-description: ${name}`);
    if (p.repeat && !variablesOf(board).some((v) => v.name === p.repeat && v.multi)) bad.push(`panel-repeat: ${name} repeats over ${p.repeat}, which is no multi-value variable`);
    if (!isDataPanel(p)) continue;
    if (!isOurs(p.datasource) || (p.targets ?? []).some((t) => !isOurs(t.datasource))) bad.push(`panel-datasource: ${name} has another data source`);
    if (!(p.targets ?? []).some((t) => t.rawSql)) bad.push(`panel-no-targets: ${name}`);
    if (!p.fieldConfig?.defaults?.unit) bad.push(`panel-units: ${name} has no unit`);
    if (!p.fieldConfig?.defaults?.noValue || !nullMapping(p)) bad.push(`withheld-shown: ${name} does not say how it shows what is withheld`);
    if (p.type === 'timeseries' && p.fieldConfig?.defaults?.custom?.spanNulls !== false) bad.push(`withheld-shown: ${name} draws its lines across withheld values`);
    if (p.type === 'geomap') bad.push(...mapRules(p, name));
  }
  return [...bad, ...layoutRules(board)];
}

function mapRules(panel, name) {
  const bad = [];
  const { basemap, layers = [] } = panel.options ?? {};
  if (basemap?.type !== 'xyz' || /^(https?:)?\/\//.test(basemap.config?.url ?? '//')) bad.push(`local-map: ${name} has a base map from elsewhere`);
  for (const l of layers) if (l.type === 'dynamic-geojson' && !l.config?.src?.startsWith('public/maps/')) bad.push(`local-map: ${name} has outlines from elsewhere`);
  return bad;
}

function layoutRules(board) {
  const bad = [];
  const placed = (board.panels ?? []).map((p) => ({ name: `panel ${p.id}`, ...p.gridPos }));
  placed.forEach((a, i) => {
    if (!(a.w > 0 && a.h > 0 && a.x >= 0 && a.x + a.w <= GRID_WIDTH)) bad.push(`grid: ${a.name} lies outside the grid`);
    for (const b of placed.slice(i + 1)) {
      if (a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h) bad.push(`grid: ${a.name} and ${b.name} overlap`);
    }
  });
  return bad;
}

// Every variable goes through sqlstring (csv for numbers), so that no value can end the string it stands in.
export function sqlRules(sql, known) {
  const bad = [];
  for (const { name, format } of references(sql)) {
    if (BUILT_IN.test(name)) continue;
    if (!known.has(name)) bad.push(`variable-known: there is no variable ${name}`);
    if (format !== 'sqlstring' && format !== 'csv') bad.push(`variable-quoting: ${name} is not \${${name}:sqlstring}`);
  }
  if (/'\s*\$\{\w+:sqlstring\}|\$\{\w+:sqlstring\}\s*'/.test(sql)) bad.push('variable-quoting: sqlstring inside quotes');
  if (/\bIN\s*\(\s*\$\{/i.test(sql)) bad.push('variable-empty: IN () fails when nothing is chosen; use = ANY (ARRAY[...]::text[])');
  if (/\bSELECT\s+(\w+\.)?\*/i.test(sql)) bad.push('select-star: name the columns');
  if (/\bGROUP\s+BY\s+"?time"?\b/i.test(sql)) bad.push('group-by-time: a column named time wins over the alias; write GROUP BY 1');
  try {
    expand(sql, RANGE);
  } catch (e) {
    bad.push(`macros: ${e.message}`);
  }
  return bad;
}

// panel, data and dashboard links to boards
function links(board) {
  const found = [];
  const walk = (node) => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (node && typeof node === 'object') {
      if (typeof node.url === 'string' && /(^|\/)d\//.test(node.url)) found.push(node.url);
      Object.values(node).forEach(walk);
    }
  };
  walk(board);
  return [...new Set(found)];
}

function linkRules(board, boards) {
  const bad = [];
  for (const url of links(board)) {
    const uid = /\/d\/([^/?]+)/.exec(url)?.[1];
    const target = boards.find((b) => b.uid === uid);
    if (!target) bad.push(`links: there is no board ${uid}`);
    for (const name of CARRIED) if (!url.includes(`var-${name}=`) && !url.includes(`\${${name}:queryparam}`)) bad.push(`links: ${url} leaves ${name} behind`);
    if (!url.includes('${__url_time_range}')) bad.push(`links: ${url} leaves the time range behind`);
    for (const { name } of references(url)) {
      if (!BUILT_IN.test(name) && !variablesOf(board).some((v) => v.name === name)) bad.push(`links: ${url} names an unknown variable ${name}`);
    }
  }
  return bad;
}

export function lint(board, boards = [board]) {
  const known = new Set(variablesOf(board).map((v) => v.name));
  return [
    ...boardRules(board), ...variableRules(board), ...panelRules(board), ...linkRules(board, boards),
    ...queriesOf(board).flatMap((q) => sqlRules(q.sql, known).map((text) => `${text} (${q.where})`)),
  ];
}
