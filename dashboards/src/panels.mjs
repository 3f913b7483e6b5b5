// Panels that boards share.  Each takes a title, a description and SQL; a value that is withheld looks withheld in all of them.
import barchart from '@grafana/grafana-foundation-sdk/barchart';
import common from '@grafana/grafana-foundation-sdk/common';
import dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import geomap from '@grafana/grafana-foundation-sdk/geomap';
import stat from '@grafana/grafana-foundation-sdk/stat';
import table from '@grafana/grafana-foundation-sdk/table';
import text from '@grafana/grafana-foundation-sdk/text';
import timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { CODES, GREY, LADDERS, STATES } from './palette.mjs';
import { DATA_SOURCE, one, query } from './sql.mjs';

const { DashboardLinkBuilder, FieldColorBuilder, FieldColorModeId, ThresholdsConfigBuilder, ThresholdsMode } = dashboard;

// Without a value is grey and a dash, never the lowest colour and never nought; the reason stands beside it.
const NO_VALUE = { type: 'special', options: { match: 'null', result: { text: '–', color: GREY, index: 0 } } };

// What columns of dash are called on a board, and their units where these are not the panel's.
const COLUMNS = {
  area_name: { displayName: 'Area' }, level_name: { displayName: 'Level' }, kind: { displayName: 'Kind' }, member: { displayName: 'Group' },
  indicator_name: { displayName: 'Indicator' }, cube: { displayName: 'Cube' }, first_day: { displayName: 'From' }, last_day: { displayName: 'Until' },
  published_at: { displayName: 'Published' }, unit: { displayName: 'Unit' }, shown: { displayName: 'Read as' }, reason: { displayName: 'Why no value' },
  count: { displayName: 'Count', decimals: 0 }, population: { displayName: 'Out of', decimals: 0 },
  rate: { displayName: 'Rate', decimals: 1 }, ci_lower: { displayName: '95 % from', decimals: 3 }, ci_upper: { displayName: '95 % to', decimals: 3 },
  proportion: { displayName: 'Share', unit: 'percentunit', decimals: 1 }, value: { displayName: 'Value', decimals: 2 },
  expected: { displayName: 'Expected', decimals: 1 }, upper_bound: { displayName: 'Upper bound', decimals: 1 }, score: { displayName: 'Score', decimals: 2 },
  q_value: { displayName: 'q', decimals: 5 }, exceedance_rank: { displayName: 'Rank', decimals: 0 }, explained_by: { displayName: 'Look first at' },
  completeness: { displayName: 'Reported', unit: 'percentunit', decimals: 0 }, state: { displayName: 'State' }, silent_periods: { displayName: 'Periods', decimals: 0 },
  silent_areas: { displayName: 'Areas', decimals: 0 },
  source: { displayName: 'Source' }, waiting: { displayName: 'Waiting' }, waiting_since: { displayName: 'Waiting since' }, last_applied: { displayName: 'Last batch' },
  documents: { displayName: 'Documents', decimals: 0 }, refused: { displayName: 'Refused', decimals: 0 }, dead_letters: { displayName: 'Dead letters' },
  code: { displayName: 'Code' }, label: { displayName: 'What it means' }, field: { displayName: 'Field' }, letters: { displayName: 'Open' },
  oldest: { displayName: 'Oldest' }, last_day: { displayName: 'Last 24 h' }, daily_before: { displayName: 'A day before that', decimals: 1 },
  partition: { displayName: 'Partition' }, rows: { displayName: 'Rows (estimate)', decimals: 0 }, bytes: { displayName: 'Size', unit: 'bytes' },
  step: { displayName: 'Step' }, seconds: { displayName: 'Took', unit: 's', decimals: 1 }, handled: { displayName: 'Handled', decimals: 0 },
  valid_from: { displayName: 'From' }, valid_until: { displayName: 'Until' }, sha256: { displayName: 'Text (sha256)' }, in_force: { displayName: 'In force' },
  measure: { displayName: 'Measure', decimals: 3 }, verdict: { displayName: 'Verdict' }, rank: { displayName: 'Rank' },
  rank_lower: { displayName: 'Rank from' }, rank_upper: { displayName: 'Rank to' }, rank_reason: { displayName: 'Why no rank' },
  worst_quarter: { displayName: 'In the worst quarter', unit: 'percentunit', decimals: 0 }, benchmark: { displayName: 'Benchmark', decimals: 3 },
  z: { displayName: 'z', decimals: 2 }, funnel: { displayName: 'Funnel' }, funnel_adjusted: { displayName: 'Funnel, adjusted' }, dispersion: { displayName: 'Dispersion', decimals: 2 },
  standardised: { displayName: 'At equal ages', decimals: 3 }, standardised_ci_lower: { displayName: 'Equal ages from', decimals: 3 },
  standardised_ci_upper: { displayName: 'Equal ages to', decimals: 3 }, standardised_reason: { displayName: 'Why not at equal ages' },
  owner: { displayName: 'Whose standard' }, demand: { displayName: 'Asks' }, standard_value: { displayName: 'Standard', decimals: 3 },
  remedy: { displayName: 'Remedy' }, citation: { displayName: 'Where it says so' },
  change: { displayName: 'Change' }, earlier: { displayName: 'Before', decimals: 3 }, later: { displayName: 'After', decimals: 3 },
  difference: { displayName: 'Difference', decimals: 3 }, difference_ci_lower: { displayName: 'Difference from', decimals: 3 }, difference_ci_upper: { displayName: 'Difference to', decimals: 3 },
  percent: { displayName: 'Change %', decimals: 1 }, percent_ci_lower: { displayName: '% from', decimals: 1 }, percent_ci_upper: { displayName: '% to', decimals: 1 },
  percent_reason: { displayName: 'Why no %' }, contribution: { displayName: 'Contribution (points)', decimals: 2 }, contribution_reason: { displayName: 'Why no contribution' },
  slope: { displayName: 'Slope a year', decimals: 3 }, points: { displayName: 'Periods' }, periods: { displayName: 'Periods' },
  score: { displayName: 'Index', decimals: 1 }, weights_lower: { displayName: 'Weights from', decimals: 1 }, weights_upper: { displayName: 'Weights to', decimals: 1 },
  weakest: { displayName: 'Costs most' }, weakest_score: { displayName: 'Its score', decimals: 1 }, weight: { displayName: 'Weight', unit: 'percentunit', decimals: 1 },
  worst: { displayName: 'Scores 0' }, best: { displayName: 'Scores 100' }, vary: { displayName: 'Varied by', unit: 'percentunit', decimals: 0 },
  what: { displayName: 'Action' }, expected_percent: { displayName: 'Expected anyway %', decimals: 1 }, effect_percent: { displayName: 'Effect %', decimals: 1 },
  effect_ci_lower: { displayName: 'Effect from', decimals: 1 }, effect_ci_upper: { displayName: 'Effect to', decimals: 1 }, peers: { displayName: 'Compared with' }, effect_reason: { displayName: 'Why no effect' },
  registered: { displayName: 'Registered', decimals: 0 }, assessed: { displayName: 'Assessed', decimals: 0 }, possible_from: { displayName: 'Surely', unit: 'percentunit', decimals: 1 },
  possible_to: { displayName: 'Possibly', unit: 'percentunit', decimals: 1 }, base_year: { displayName: 'Base year', unit: 'none' },
  base_possible_from: { displayName: 'Then, surely', unit: 'percentunit', decimals: 1 }, basic_change: { displayName: 'Change', unit: 'percentunit', decimals: 1 },
  basic_standard: { displayName: 'Standard', unit: 'percentunit', decimals: 0 },
  workers: { displayName: 'Workers', decimals: 0 }, green: { displayName: 'green', unit: 'percentunit', decimals: 1 }, yellow: { displayName: 'yellow', unit: 'percentunit', decimals: 1 },
  red: { displayName: 'red', unit: 'percentunit', decimals: 1 }, grey: { displayName: 'grey', unit: 'percentunit', decimals: 1 }, colour: { displayName: 'Code' },
  agency_name: { displayName: 'Agency' }, heard_at: { displayName: 'Last heard' }, age: { displayName: 'Age', unit: 's' }, required: { displayName: 'Required' },
  policy: { displayName: 'Policy' }, version: { displayName: 'Version', unit: 'none' }, status: { displayName: 'Status' }, old_colour: { displayName: 'From' }, new_colour: { displayName: 'To' },
  share_lost: { displayName: 'Green lost', unit: 'percentunit', decimals: 0 },
  expected: { displayName: 'Expected', decimals: 1 }, explained_by: { displayName: 'Look first at' }, completeness: { displayName: 'Reported', unit: 'percentunit', decimals: 0 },
  state: { displayName: 'State' },
  ministry: { displayName: 'Ministry' }, officials: { displayName: 'Officials', decimals: 0 }, officials_reason: { displayName: 'Why no officials' }, coverage: { displayName: 'Coverage', unit: 'percentunit', decimals: 1 },
  met: { displayName: 'Hold all', decimals: 0 }, met_reason: { displayName: 'Why no number of these' }, met_share: { displayName: 'Hold all, share', unit: 'percentunit', decimals: 1 }, met_ci_lower: { displayName: 'Share from', unit: 'percentunit', decimals: 1 },
  met_ci_upper: { displayName: 'Share to', unit: 'percentunit', decimals: 1 }, ratio: { displayName: 'Observed / expected', decimals: 2 }, ratio_ci_lower: { displayName: 'O/E from', decimals: 2 },
  ratio_ci_upper: { displayName: 'O/E to', decimals: 2 }, base_coverage: { displayName: 'Base coverage', unit: 'percentunit', decimals: 1 },
  engagement: { displayName: 'Active', unit: 'percentunit', decimals: 1 }, learning: { displayName: 'Completed', unit: 'percentunit', decimals: 1 },
  assessment: { displayName: 'Proved by assessment', unit: 'percentunit', decimals: 1 }, ministry_score: { displayName: 'Score', decimals: 1 },
  people: { displayName: 'People', decimals: 0 }, levels: { displayName: 'Levels', decimals: 0 }, entry: { displayName: 'Entry' }, name: { displayName: 'Competency' },
  seats: { displayName: 'Seats', decimals: 0 }, unmet: { displayName: 'Demand less seats', decimals: 0 }, trainings: { displayName: 'Trainings', decimals: 0 },
  year_start: { displayName: 'Year from' }, year_end: { displayName: 'Year to' }, budget: { displayName: 'Budget', decimals: 0 }, cost: { displayName: 'Planned cost', decimals: 0 },
  taken: { displayName: 'Seats taken', decimals: 0 }, spent: { displayName: 'Spent', decimals: 0 }, seats_variance: { displayName: 'Seats against plan', decimals: 1 },
  cost_variance: { displayName: 'Money against plan', decimals: 0 }, coverage_before: { displayName: 'Coverage before', unit: 'percentunit', decimals: 0 },
  coverage_expected: { displayName: 'Coverage expected', unit: 'percentunit', decimals: 0 }, title: { displayName: 'Training' }, provider: { displayName: 'Provider' },
  rating: { displayName: 'Rating (1-5)', decimals: 1 }, levels_each: { displayName: 'Levels each', decimals: 2 }, price: { displayName: 'Price', decimals: 0 },
  price_per_level: { displayName: 'Price a level', decimals: 0 }, price_quartile: { displayName: 'Price quarter', decimals: 0 }, place: { displayName: 'Place' },
  starts: { displayName: 'From' }, ends: { displayName: 'To' }, hours: { displayName: 'Hours', decimals: 0 }, mode: { displayName: 'How' },
  lacking: { displayName: 'What is lacking' }, share: { displayName: 'Share', unit: 'percentunit', decimals: 1 },
};
// Columns that only links need.  Grafana's older and newer tables know hiding by different names.
const LINK_ONLY = ['area', 'next_level', 'indicator'];
const HIDDEN = { 'custom.hidden': true, 'custom.hideFrom': { viz: true, legend: false, tooltip: true } };

const properties = (settings) => Object.entries(settings).map(([id, value]) => ({ id, value }));

function describe(panel, { title, description, unit = 'locale' }) {
  return panel.title(title).description(description).datasource(DATA_SOURCE).unit(unit).mappings([NO_VALUE]).noValue('–')
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([{ value: null, color: 'text' }]));
}

// A link that takes area, period and indicator along, and of what else a board has the names given.  The row clicked says which
// area and which level comes next.
export function drillDown(uid, title, others = []) {
  const kept = ['ds', 'lang', 'period', 'indicator', ...others].map((name) => `\${${name}:queryparam}`).join('&');
  return new DashboardLinkBuilder(title).targetBlank(false)
    .url(`/d/${uid}?\${__url_time_range}&${kept}&var-area=\${__data.fields.area:percentencode}&var-level=\${__data.fields.next_level:percentencode}&var-areas=$__all`);
}

// Purpose, source and definitions; the last line says how fresh the data are.
export function aboutPanel(title, markdown) {
  return new text.PanelBuilder().title(title).description('What this board answers, where its data come from, and what its words mean.')
    .mode(text.TextMode.Markdown).content(`${markdown.trim()}\n\n**Last data:** \${fresh}`);
}

export function tablePanel({ sql, linkOn = 'area_name', links = [], ...about }) {
  const panel = describe(new table.PanelBuilder(), about).withTarget(query('table', sql)).showHeader(true).cellHeight(common.TableCellHeight.Sm);
  const named = (column) => new RegExp(`\\b${column}\\b`).test(sql);
  for (const [name, settings] of Object.entries(COLUMNS).filter(([column]) => named(column))) {
    const linked = name === linkOn && links.length ? { links: links.map((l) => l.build()) } : {};
    panel.overrideByName(name, properties({ ...settings, ...linked }));
  }
  for (const name of LINK_ONLY.filter(named)) panel.overrideByName(name, properties(HIDDEN));
  return panel;
}

// A line with a point for each period; a gap where a value is withheld or there is none.  Colours follow the names.
export function seriesPanel({ sql, ...about }) {
  return describe(new timeseries.PanelBuilder(), about).withTarget(query('time_series', sql))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .drawStyle(common.GraphDrawStyle.Line).lineWidth(2).fillOpacity(0).showPoints(common.VisibilityMode.Always).pointSize(6).spanNulls(false)
    .min(0).legend(new common.VizLegendOptionsBuilder().showLegend(true).displayMode(common.LegendDisplayMode.List).placement(common.LegendPlacement.Bottom).calcs([]))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending));
}

// Bars over time of what is reported and, on top, of what is still expected, with the limits of their sum as lines.
export function comingPanel({ sql, ...about }) {
  const panel = seriesPanel({ sql, ...about });
  for (const name of ['reported', 'still expected']) {
    panel.overrideByName(name, properties({ 'custom.drawStyle': 'bars', 'custom.fillOpacity': name === 'reported' ? 80 : 25, 'custom.stacking': { mode: 'normal', group: 'A' }, 'custom.showPoints': 'never' }));
  }
  return panel;
}

// Bars of counts by member of a group, for a panel repeated over groups.
export function groupPanel({ sql, ...about }) {
  return describe(new barchart.PanelBuilder(), about).withTarget(query('table', sql))
    .orientation(common.VizOrientation.Horizontal).xField('member').showValue(common.VisibilityMode.Always).stacking(common.StackingMode.None)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor('blue')).min(0)
    .legend(new common.VizLegendOptionsBuilder().showLegend(false).displayMode(common.LegendDisplayMode.List).placement(common.LegendPlacement.Bottom).calcs([]))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Single).sort(common.SortOrder.None));
}

// One figure a row, with the colour its thresholds give it; steps is [[from, colour], ...], the first from -infinity.
export function statPanel({ sql, steps = [[null, 'text']], ...about }) {
  return describe(new stat.PanelBuilder(), about).withTarget(query('table', sql))
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps.map(([value, color]) => ({ value, color }))))
    .reduceOptions(new common.ReduceDataOptionsBuilder().values(true).calcs(['lastNotNull']).fields('/^value$/'))
    .colorMode(common.BigValueColorMode.Value).graphMode(common.BigValueGraphMode.None).textMode(common.BigValueTextMode.ValueAndName)
    .justifyMode(common.BigValueJustifyMode.Auto).orientation(common.VizOrientation.Auto);
}

// One figure of dash.health(); LATE are the steps of one that counts seconds of waiting: ten minutes, an hour.
export const LATE = [[null, STATES.good], [600, STATES.watch], [3600, STATES.bad]];
export const healthPanel = (title, code, description, unit = 'locale', steps = undefined) => statPanel({
  title, description, unit, steps,
  sql: `
    SELECT h.label, h.value FROM dash.health(${one('lang')}) AS h WHERE h.code = '${code}' ORDER BY h.code`,
});

// Bars of shares: one bar a row of the column x, one part a number column, coloured by its name: always the same meaning.
// The parts are laid end to end as they are: where one is withheld the bar is short, and is not stretched to 100 %.
function stackedPanel(colours, { sql, x, ...about }) {
  const panel = describe(new barchart.PanelBuilder(), { unit: 'percentunit', ...about }).withTarget(query('table', sql))
    .orientation(common.VizOrientation.Horizontal).xField(x).showValue(common.VisibilityMode.Auto).stacking(common.StackingMode.Normal).min(0).max(1)
    .legend(new common.VizLegendOptionsBuilder().showLegend(true).displayMode(common.LegendDisplayMode.List).placement(common.LegendPlacement.Bottom).calcs([]))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.None));
  for (const [name, { label, color }] of Object.entries(colours)) {
    panel.overrideByName(name, properties({ displayName: label, color: { mode: 'fixed', fixedColor: color } }));
  }
  return panel;
}
export const ladderPanel = (settings) => stackedPanel(LADDERS, settings);
export const codesPanel = (settings) => stackedPanel(CODES, settings);

// The local, empty base map: a closed command centre has no internet.
const BLANK_MAP = new common.MapLayerOptionsBuilder().type('xyz').name('blank').config({ url: 'public/maps/blank.png', attribution: '' });

// Outlines by level, coloured where the query has a row with their code; what has no row stays invisible.
const outlines = (level) => new common.MapLayerOptionsBuilder().type('dynamic-geojson').name(level).tooltip(true).config({
  src: `public/maps/${level}.geojson`, idField: 'area', rules: [],
  style: { color: { fixed: 'transparent' }, opacity: 0, lineWidth: 0, size: { fixed: 5, min: 2, max: 15 } },
  dataStyle: { color: { field: 'value', fixed: GREY }, opacity: 1, lineWidth: 1 },
});

// A choropleth; SQL gives area, area_name, value, reason.  The layer's source cannot hold a variable, so each level is a layer.
export function mapPanel({ sql, levels, ...about }) {
  const panel = describe(new geomap.PanelBuilder(), about).withTarget(query('table', sql))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.ContinuousBlues))
    .basemap(BLANK_MAP).layers(levels.map(outlines))
    .view(new geomap.MapViewConfigBuilder().id('fit').allLayers(true).padding(5).zoom(15))
    .controls(new geomap.ControlsOptionsBuilder().showZoom(true).mouseWheelZoom(false).showAttribution(false).showScale(true).showMeasure(false).showDebug(false))
    .tooltip(new geomap.TooltipOptionsBuilder().mode(geomap.TooltipMode.Details));
  for (const name of ['area_name', 'value', 'shown', 'reason']) panel.overrideByName(name, properties(COLUMNS[name]));
  return panel;
}

// The map of the chosen indicator in the parts of the chosen area.
export const indicatorMap = (description) => mapPanel({
  title: 'Map: ${indicator:text}', levels: ['province', 'district', 'municipality', 'ward'], description,
  sql: `
    SELECT m.area, m.area_name, m.value, m.shown, m.reason
    FROM dash.map(${one('indicator')}, ${one('level')}, ${one('period')}, ${one('lang')}) AS m
    WHERE m.area IN (SELECT i.area FROM dash.areas_in(${one('area')}, ${one('level')}) AS i)
    ORDER BY m.area`,
});
