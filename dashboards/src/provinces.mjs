// Provinces compared: how areas differ, how sure that is, which standards they meet, what has changed, and whether actions helped.
import { board } from './board.mjs';
import { aboutPanel, drillDown, mapPanel, seriesPanel, tablePanel } from './panels.mjs';
import { FROM, TO, many, one } from './sql.mjs';
import * as variables from './variables.mjs';

const uid = 'civic-provinces';
const down = drillDown(uid, 'Look into ${__data.fields.area_name}', ['composite']);

const about = aboutPanel('About this board', `
**Which areas differ, and is it more than chance?** For those who answer for a province, and those who compare them.

**Source:** what is published for this audience, and nothing else; standards, weights and actions as the centre has written them down.
**Measure** is a rate per population or a share, with 95 % limits. The **benchmark** is that of all areas shown together.
A **rank** (1 is the highest measure) comes with the places it cannot be told from; **worst quarter** is the probability of truly being there.
The **funnel** asks whether an area of this size may differ so much by chance alone; *adjusted* allows for areas that differ anyway.
A standard is *met* or *not met* only where the limits say so. Populations of different source or year are never ranked together. Formulas: docs/comparison.md.
**Read as** says of each figure whether it is exact, rounded to protect people with what the true one may be, such as *5 (1 to 9)*, or of a part of its period.
`);

// the compared areas as the functions take them: those chosen
const chosen = `${one('level')}, ${many('areas')}`;

const ranking = tablePanel({
  title: 'Areas compared: ${indicator:text}', links: [down],
  description: 'Measure with 95 % limits, verdict against all areas together, rank with the places it cannot be told from, and the probability of being in the worst quarter.',
  sql: `
    SELECT p.area_name, p.count, p.population, p.measure, p.shown, p.ci_lower, p.ci_upper, p.verdict, p.rank, p.rank_lower, p.rank_upper, p.worst_quarter, p.unit, p.reason, p.rank_reason, p.area, i.next_level
    FROM dash.provinces(${one('indicator')}, ${one('period')}, ${one('lang')}, ${chosen}) AS p
    JOIN dash.areas_in(${one('area')}, ${one('level')}) AS i ON i.area = p.area
    ORDER BY p.measure DESC NULLS LAST, p.area`,
});

const funnel = tablePanel({
  title: 'Chance, and age', linkOn: 'none',
  description: 'Where each area lies among funnel limits, how far in standard errors, the same allowing for overdispersion, and the rate at equal ages (WHO standard).',
  sql: `
    SELECT p.area_name, p.benchmark, p.z, p.funnel, p.dispersion, p.funnel_adjusted, p.standardised, p.standardised_ci_lower, p.standardised_ci_upper, p.standardised_reason
    FROM dash.provinces(${one('indicator')}, ${one('period')}, ${one('lang')}, ${chosen}) AS p
    ORDER BY p.z DESC NULLS LAST, p.area`,
});

const map = mapPanel({
  title: 'Map: ${indicator:text}', levels: ['province', 'district', 'municipality', 'ward'],
  description: 'The measure in the parts of the chosen area; darker is more, grey is withheld or not published. The table beside it says the same in words.',
  sql: `
    SELECT p.area, p.area_name, p.measure AS value, p.shown, p.reason
    FROM dash.provinces(${one('indicator')}, ${one('period')}, ${one('lang')}, ${chosen}) AS p
    ORDER BY p.area`,
});

const standards = tablePanel({
  title: 'Against standards: ${indicator:text}', linkOn: 'none',
  description: 'Each standard in force: met, not met or cannot tell by the 95 % limits, and what its owner advises where it is missed. Rates of events are per year here.',
  sql: `
    SELECT s.area_name, s.owner, s.demand, s.value AS standard_value, s.measure, s.shown, s.ci_lower, s.ci_upper, s.verdict, s.remedy, s.citation, s.reason
    FROM dash.standards(${one('indicator')}, ${one('period')}, ${one('lang')}, ${chosen}) AS s
    ORDER BY s.area_name, s.area, s.owner`,
});

const change = tablePanel({
  title: 'What changed: ${indicator:text}', linkOn: 'none',
  description: 'The last published period within the chosen one, against the one before, the same a year earlier, and the last four against the four before; contribution is in percentage points of the change of all areas shown.',
  sql: `
    SELECT c.area_name, c.change, c.earlier, c.later, c.difference, c.difference_ci_lower, c.difference_ci_upper, c.percent, c.percent_ci_lower, c.percent_ci_upper, c.verdict, c.contribution, c.reason, c.percent_reason, c.contribution_reason
    FROM dash.marginal_change(${one('indicator')}, ${one('period')}, ${one('lang')}, ${chosen}) AS c
    ORDER BY c.area_name, c.area, c.change_code`,
});

const index = seriesPanel({
  title: 'Against the base year (100): ${indicator:text}',
  description: 'Each published period against the same season of the indicator\'s base year. A gap is a withheld period, or one without a published base; of more than 20 areas the first 20.',
  sql: `
    SELECT b."time" AS "time", b.area_name || ' (' || b.area || ')' AS metric, b.value
    FROM dash.base_year_index(${one('indicator')}, (${many('areas')})[1:20], ${FROM}, ${TO}, ${one('lang')}) AS b
    ORDER BY 1, 2`,
});

const trend = tablePanel({
  title: 'Trend: ${indicator:text}', linkOn: 'none', description: 'Median slope per year over the time range, with its 95 % interval. Take whole years, or the season is taken for a trend.',
  sql: `
    SELECT t.area_name, t.slope, t.ci_lower, t.ci_upper, t.points, t.verdict, t.unit, t.reason
    FROM dash.trend(${one('indicator')}, ${many('areas')}, ${FROM}, ${TO}, ${one('lang')}) AS t
    ORDER BY t.area_name, t.area`,
});

const composite = tablePanel({
  title: 'Index: ${composite:text}', linkOn: 'none',
  description: 'Weighted mean of the parts\' scores (100 is best), how far it moves when weights are varied, what chance does, the places an area may take, and the part that costs most.',
  sql: `
    SELECT c.area_name, c.score, c.weights_lower, c.weights_upper, c.ci_lower, c.ci_upper, c.rank, c.rank_lower, c.rank_upper, c.weakest, c.weakest_score, c.reason, c.rank_reason
    FROM dash.composite(${one('composite')}, ${one('period')}, ${one('lang')}, ${chosen}) AS c
    ORDER BY c.score DESC NULLS LAST, c.area`,
});

const weights = tablePanel({
  title: 'Weights: ${composite:text}', linkOn: 'none', description: 'The published weights and goalposts of the index, how far weights are varied, and where they come from.',
  sql: `
    SELECT dash.label_of('indicator', w.indicator, ${one('lang')}) AS indicator_name, w.weight, w.worst, w.best, w.vary, w.citation
    FROM dash.composite_weight w
    WHERE w.composite = ${one('composite')}
    ORDER BY 1`,
});

const actions = tablePanel({
  title: 'Did it help?', linkOn: 'none',
  description: 'Dated actions: the plain change, what would have happened anyway, and the effect beyond that with 95 % limits, from up to six published periods on each side. It may be empty: then no action is written down.',
  sql: `
    SELECT a.what, a.area_name, a.indicator_name, a.periods, a.percent, a.percent_ci_lower, a.percent_ci_upper, a.expected_percent, a.effect_percent, a.effect_ci_lower, a.effect_ci_upper, a.verdict, a.peers, a.reason, a.effect_reason
    FROM dash.action_effect(${one('lang')}) AS a
    ORDER BY a."time" DESC, a.action`,
});

export default board({
  uid, title: 'Provinces compared', tags: ['comparison', 'standards'],
  description: 'Areas compared with intervals, ranks, funnels and standards; change, trend, indices and actions.',
  variables: [variables.dataSource(), variables.language(), variables.area(), variables.level(), variables.areas(), variables.period(),
    variables.indicator(), variables.composite(), variables.freshness()],
  rows: [
    [[about, 8, 12], [ranking, 16, 12]],
    [[map, 12, 16], [funnel, 12, 16]],
    [[standards, 24, 9]],
    [[change, 24, 10]],
    [[index, 14, 10], [trend, 10, 10]],
    [[composite, 16, 10], [weights, 8, 10]],
    [[actions, 24, 7]],
  ],
});
