// Variables that boards share.  Names are part of drill-down links: area, level, areas, period, indicator, kinds, groups, lang.
import dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DATA_SOURCE, one } from './sql.mjs';

const { DatasourceVariableBuilder, QueryVariableBuilder, VariableRefresh, VariableHide, VariableSort } = dashboard;

const fromQuery = (name, label, description, sql) =>
  new QueryVariableBuilder(name).label(label).description(description).datasource(DATA_SOURCE)
    .query(sql).definition(sql).refresh(VariableRefresh.OnTimeRangeChanged).sort(VariableSort.Disabled);

const several = (variable) => variable.multi(true).includeAll(true).current({ text: ['All'], value: ['$__all'] });

export const dataSource = (first = 'pgcivic') =>
  new DatasourceVariableBuilder('ds').label('Data source').description('which audience\'s database login to read with')
    .type(DATA_SOURCE.type).regex('/^pgcivic/').current({ text: first, value: first });

export const language = () =>
  fromQuery('lang', 'Language', 'language of names and reasons',
    'SELECT name AS __text, code AS __value FROM dash.language ORDER BY name').current({ text: 'English', value: 'en' });

// The country comes first, so that it is what a board opens with.
export const area = () =>
  fromQuery('area', 'Area', 'the area looked into; click a row of a table to go down',
    `SELECT a.name || ' (' || a.code || ')' AS __text, a.code AS __value FROM dash.area a JOIN dash.area_level l ON l.code = a.level
GROUP BY a.code, a.name ORDER BY min(l.depth), a.name, a.code`);

export const level = () =>
  fromQuery('level', 'Level', 'the level at which its parts are compared',
    `SELECT level_name AS __text, level AS __value FROM dash.levels_in(${one('area')}, ${one('lang')})`);

export const areas = () =>
  several(fromQuery('areas', 'Compared', 'the parts compared',
    `SELECT area_name || ' (' || area || ')' AS __text, area AS __value FROM dash.areas_in(${one('area')}, ${one('level')}) ORDER BY area_name, area`));

export const period = () =>
  fromQuery('period', 'Period', 'of tables and map; also 2026, 2026-Q3 or 2026-07-01/2026-10-01 (end not included)',
    'SELECT period FROM dash.periods()').allowCustomValue(true);

export const indicator = () =>
  fromQuery('indicator', 'Indicator', 'what areas, map and groups are compared by',
    `SELECT dash.label_of('indicator', i.code, ${one('lang')}) AS __text, i.code AS __value FROM dash.indicator i
WHERE i.topic IN ('needs', 'threats') AND i.code IN (SELECT p.indicator FROM dash.published p) ORDER BY i.topic, 1, 2`);

export const watched = () =>
  fromQuery('indicator', 'Indicator', 'the watched indicator shown over time',
    `SELECT dash.label_of('indicator', i.code, ${one('lang')}) AS __text, i.code AS __value FROM dash.indicator i
WHERE i.code IN (SELECT b.indicator FROM dash.released_baseline b) ORDER BY i.topic, 1, 2`);

export const kinds = () =>
  several(fromQuery('kinds', 'Kinds', 'the needs and threats shown side by side',
    `SELECT dash.label_of('indicator', i.code, ${one('lang')}) AS __text, i.code AS __value FROM dash.indicator i
WHERE i.kind = 'rate' AND i.topic IN ('needs', 'threats') AND i.code IN (SELECT p.indicator FROM dash.published p) ORDER BY i.topic, 1, 2`));

export const groups = () =>
  several(fromQuery('groups', 'Groups', 'breakdowns shown, one panel each',
    `SELECT dash.label_of('breakdown', g.code, ${one('lang')}) AS __text, g.code AS __value
FROM unnest('{sex,age_band,disability,youth,migrant}'::text[]) WITH ORDINALITY AS g (code, n) ORDER BY g.n`));

export const composite = () =>
  fromQuery('composite', 'Index', 'the composite index shown',
    `SELECT DISTINCT dash.label_of('composite', w.composite, ${one('lang')}) AS __text, w.composite AS __value FROM dash.composite_weight w ORDER BY 1, 2`);

export const domain = () =>
  fromQuery('domain', 'Service', 'which service, of whom',
    `SELECT dash.label_of('wash_domain', m.domain, ${one('lang')}) AS __text, m.domain AS __value FROM dash.wash_measure m GROUP BY m.domain ORDER BY 1, 2`);

export const unit = () =>
  fromQuery('unit', 'Ministry or department', 'whose passbook is shown',
    `SELECT DISTINCT r.members[1] AS unit FROM dash.released_row r WHERE r.cube IN ('capacity', 'capacity_department') AND r.members[1] <> '*total*' ORDER BY 1`);

// What a board does not show itself but a drill-down takes along to the next.
export const carried = () => [indicator().hide(VariableHide.HideVariable)];

export const sources = () =>
  several(fromQuery('sources', 'Sources', 'the sources shown', 'SELECT source FROM dash.intake_source ORDER BY source'));

// Not shown: the text panel of a board quotes it.
export const freshness = () =>
  fromQuery('fresh', 'Freshness', 'until when there are data, and when they were published',
    `SELECT coalesce('data until ' || max(p.last_day) || ', published ' || to_char(max(p.published_at) AT TIME ZONE s.reporting_zone, 'YYYY-MM-DD HH24:MI')
  || ' (' || s.reporting_zone || ')', 'nothing is published yet') AS fresh
FROM dash.site s LEFT JOIN dash.published p ON true GROUP BY s.reporting_zone`).hide(VariableHide.HideVariable);

export const freshnessOf = (cube) =>
  fromQuery('fresh', 'Freshness', 'until when there are data, and when they were published',
    `SELECT coalesce('data until ' || max(r.period_end) - 1 || ', published ' || to_char(max(r.published_at) AT TIME ZONE s.reporting_zone, 'YYYY-MM-DD HH24:MI')
  || ' (' || s.reporting_zone || ')', 'nothing is published yet') AS fresh
FROM dash.site s LEFT JOIN dash.release r ON r.cube = '${cube}' GROUP BY s.reporting_zone`).hide(VariableHide.HideVariable);
