// Each rule of the lint is shown a board that breaks it, made from a sound one.
import { lint, sqlRules } from './lint.mjs';
import { panelsOf } from './boards.mjs';
import { ok } from './tap.mjs';

const first = (board, type) => panelsOf(board).find((p) => p.type === type);
const variable = (board, name) => board.templating.list.find((v) => v.name === name);

const BREAKS = [
  ['board-id', (b) => { b.id = 7; }],
  ['board-uid', (b) => { b.uid = ''; }],
  ['schema-version', (b) => { b.schemaVersion = 41; }],
  ['board-title', (b) => { b.description = ''; }],
  ['uneditable', (b) => { b.editable = true; }],
  ['timezone', (b) => { delete b.timezone; }],
  ['refresh', (b) => { b.refresh = '30s'; }],
  ['refresh', (b) => { b.timepicker.refresh_intervals.push('5s'); }],
  ['about-panel', (b) => { first(b, 'text').options.content = 'hello'; }],
  ['template-datasource', (b) => { variable(b, 'ds').type = 'custom'; }],
  ['template-datasource-use', (b) => { variable(b, 'area').datasource = { type: 'x', uid: 'y' }; }],
  ['template-on-time-change-reload', (b) => { variable(b, 'area').refresh = 1; }],
  ['template-label', (b) => { delete variable(b, 'area').label; }],
  ['annotation-datasource', (b) => { b.annotations.list[0].datasource.uid = 'fixed'; }],
  ['unique-ids', (b) => { b.panels[1].id = b.panels[0].id; }],
  ['panel-title-description', (b) => { first(b, 'table').description = ''; }],
  ['panel-repeat', (b) => { first(b, 'table').repeat = 'lang'; }],
  ['panel-datasource', (b) => { first(b, 'table').targets[0].datasource.uid = 'fixed'; }],
  ['panel-no-targets', (b) => { first(b, 'table').targets = []; }],
  ['panel-units', (b) => { delete first(b, 'table').fieldConfig.defaults.unit; }],
  ['withheld-shown', (b) => { first(b, 'geomap').fieldConfig.defaults.mappings = []; }],
  ['withheld-shown', (b) => { first(b, 'timeseries').fieldConfig.defaults.custom.spanNulls = true; }],
  ['local-map', (b) => { first(b, 'geomap').options.basemap.config.url = 'https://tiles.example/{z}/{x}/{y}.png'; }],
  ['local-map', (b) => { first(b, 'geomap').options.basemap.type = 'carto'; }],
  ['local-map', (b) => { first(b, 'geomap').options.layers[0].config.src = 'https://maps.example/a.geojson'; }],
  ['grid', (b) => { b.panels[1].gridPos = b.panels[0].gridPos; }],
  ['grid', (b) => { b.panels[0].gridPos.w = 25; }],
  ['links', (b) => { b.links = [{ url: '/d/no-such-board?${__url_time_range}&${area:queryparam}&${period:queryparam}&${indicator:queryparam}' }]; }],
  ['links', (b) => { b.links = [{ url: `/d/${b.uid}?\${__url_time_range}&\${area:queryparam}&\${period:queryparam}` }]; }],
  ['links', (b) => { b.links = [{ url: `/d/${b.uid}?\${area:queryparam}&\${period:queryparam}&\${indicator:queryparam}` }]; }],
];

const SQL_BREAKS = [
  ['variable-known', 'SELECT 1 WHERE a = ${nobody:sqlstring}'],
  ['variable-quoting', "SELECT 1 WHERE a = '$area'"],
  ['variable-quoting', 'SELECT 1 WHERE a = ${area}'],
  ['variable-quoting', "SELECT 1 WHERE a = '${area:sqlstring}'"],
  ['variable-quoting', 'SELECT 1 WHERE a = [[area]]'],
  ['variable-empty', 'SELECT 1 WHERE a IN (${area:sqlstring})'],
  ['select-star', 'SELECT * FROM dash.area'],
  ['select-star', 'SELECT a.* FROM dash.area a'],
  ['group-by-time', 'SELECT 1 GROUP BY time'],
  ['macros', "SELECT $__timeGroup(t, '1M')"],
  ['macros', 'SELECT $__timeSomething(t)'],
];

export function testLint(sound) {
  const named = (complaints, rule) => complaints.some((c) => c.startsWith(`${rule}:`));
  for (const [rule, damage] of BREAKS) {
    const board = structuredClone(sound);
    damage(board);
    const complaints = lint(board);
    ok(!named(lint(sound), rule) && named(complaints, rule), `lint finds ${rule}: ${damage}`, complaints);
  }
  for (const [rule, sql] of SQL_BREAKS) ok(named(sqlRules(sql, new Set(['area'])), rule), `lint finds ${rule} in ${sql}`);
}
