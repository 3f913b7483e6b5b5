// Panels that boards share.  Each takes a title, a description and SQL; a value that is withheld looks withheld in all of them.
import barchart from '@grafana/grafana-foundation-sdk/barchart';
import common from '@grafana/grafana-foundation-sdk/common';
import dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import geomap from '@grafana/grafana-foundation-sdk/geomap';
import table from '@grafana/grafana-foundation-sdk/table';
import text from '@grafana/grafana-foundation-sdk/text';
import timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { DATA_SOURCE, query } from './sql.mjs';

const { DashboardLinkBuilder, FieldColorBuilder, FieldColorModeId, ThresholdsConfigBuilder, ThresholdsMode } = dashboard;

// Without a value is grey and a dash, never the lowest colour and never nought; the reason stands beside it.
const GREY = '#8e8e8e';
const NO_VALUE = { type: 'special', options: { match: 'null', result: { text: '–', color: GREY, index: 0 } } };

// What columns of dash are called on a board, and their units where these are not the panel's.
const COLUMNS = {
  area_name: { displayName: 'Area' }, level_name: { displayName: 'Level' }, kind: { displayName: 'Kind' }, member: { displayName: 'Group' },
  indicator_name: { displayName: 'Indicator' }, cube: { displayName: 'Cube' }, first_day: { displayName: 'From' }, last_day: { displayName: 'Until' },
  published_at: { displayName: 'Published' }, unit: { displayName: 'Unit' }, reason: { displayName: 'Why no value' },
  count: { displayName: 'Count', decimals: 0 }, population: { displayName: 'Out of', decimals: 0 },
  rate: { displayName: 'Rate', decimals: 1 }, lower: { displayName: '95 % from', decimals: 3 }, upper: { displayName: '95 % to', decimals: 3 },
  proportion: { displayName: 'Share', unit: 'percentunit', decimals: 1 }, value: { displayName: 'Value', decimals: 2 },
};
// Columns that only links need.  Grafana's older and newer tables know hiding by different names.
const LINK_ONLY = ['area', 'next_level', 'indicator'];
const HIDDEN = { 'custom.hidden': true, 'custom.hideFrom': { viz: true, legend: false, tooltip: true } };

const properties = (settings) => Object.entries(settings).map(([id, value]) => ({ id, value }));

function describe(panel, { title, description, unit = 'locale' }) {
  return panel.title(title).description(description).datasource(DATA_SOURCE).unit(unit).mappings([NO_VALUE]).noValue('–')
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([{ value: null, color: 'text' }]));
}

// A link that takes area, period and indicator along.  The row clicked says which area and which level comes next.
export function drillDown(uid, title) {
  const kept = ['ds', 'lang', 'period', 'indicator', 'kinds', 'groups'].map((name) => `\${${name}:queryparam}`).join('&');
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
  for (const [name, settings] of Object.entries(COLUMNS)) {
    const linked = name === linkOn && links.length ? { links: links.map((l) => l.build()) } : {};
    panel.overrideByName(name, properties({ ...settings, ...linked }));
  }
  for (const name of LINK_ONLY) panel.overrideByName(name, properties(HIDDEN));
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

// Bars of counts by member of a group, for a panel repeated over groups.
export function groupPanel({ sql, ...about }) {
  return describe(new barchart.PanelBuilder(), about).withTarget(query('table', sql))
    .orientation(common.VizOrientation.Horizontal).xField('member').showValue(common.VisibilityMode.Always).stacking(common.StackingMode.None)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor('blue')).min(0)
    .legend(new common.VizLegendOptionsBuilder().showLegend(false).displayMode(common.LegendDisplayMode.List).placement(common.LegendPlacement.Bottom).calcs([]))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Single).sort(common.SortOrder.None));
}

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
  for (const name of ['area_name', 'value', 'reason']) panel.overrideByName(name, properties(COLUMNS[name]));
  return panel;
}
