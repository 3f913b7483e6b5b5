// Needs and threats: what people ask for and what threatens their health, where, and who they are.
import dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.mjs';
import { aboutPanel, drillDown, groupPanel, indicatorMap, seriesPanel, tablePanel } from './panels.mjs';
import { DATA_SOURCE, FROM, TO, many, one, query } from './sql.mjs';
import * as variables from './variables.mjs';

const uid = 'civic-needs';
const down = drillDown(uid, 'Look into ${__data.fields.area_name}', ['kinds', 'groups']);

const about = aboutPanel('About this board', `
**What do people need, what threatens their health, and where?** For the staff who decide where help goes.

**Source:** reports of citizens, workers and clinics that passed intake, as published for this audience.
**Count** is reports, **rate** is reports per 100,000 people with 95 % limits, **share** is one count out of another.
A value made of too few people is *withheld*: it shows as – with the reason beside it, and as a gap in a line. It is not nought.
Time series follow the time range above; tables, map and groups follow **Period**. Days begin at local midnight of the site.
**Read as** says of each figure whether it is exact, rounded to protect people with what the true one may be, such as *5 (1 to 9)*, or of a part of its period.
`);

const path = tablePanel({
  title: 'Where this is', description: 'The chosen area and those it lies in; click one to go up.', links: [down],
  sql: `
    SELECT a.area, a.area_name, dash.label_of('area_level', w.level, ${one('lang')}) AS level_name, a.next_level
    FROM (SELECT DISTINCT u.code, dash.level_of(u.code) AS level
          FROM dash.area d JOIN dash.area_path p ON p.descendant_id = d.area_id JOIN dash.area u ON u.area_id = p.ancestor_id
          WHERE d.code = ${one('area')}) AS w
    CROSS JOIN LATERAL dash.areas_in(w.code, w.level) AS a
    JOIN dash.area_level l ON l.code = w.level
    WHERE a.area = w.code
    ORDER BY l.depth`,
});

const kindsNow = tablePanel({
  title: 'Needs and threats by kind', linkOn: 'none',
  description: 'Each kind in the chosen area and period: reports, people, rate per 100,000 with 95 % limits. Highest rate first.',
  sql: `
    SELECT dash.label_of('indicator', i.code, ${one('lang')}) AS kind, c.count, c.population, c.rate, c.ci_lower, c.ci_upper, c.unit, c.shown, c.reason, i.code AS indicator
    FROM dash.indicator i
    CROSS JOIN LATERAL dash.comparison(i.code, ${one('period')}, ${one('lang')}, dash.level_of(${one('area')}), 'all') AS c
    WHERE i.code = ANY (${many('kinds')}) AND c.area = ${one('area')}
    ORDER BY c.rate DESC NULLS LAST, kind`,
});

const kindsOverTime = seriesPanel({
  title: 'Needs and threats over time', description: 'Reports of each kind in the chosen area, by published period. A gap is a withheld value; its mark says so.',
  sql: `
    SELECT s."time" AS "time", dash.label_of('indicator', i.code, ${one('lang')}) AS metric, s.value
    FROM dash.indicator i
    CROSS JOIN LATERAL dash.series(i.code, ARRAY[${one('area')}]::text[], ${FROM}, ${TO}, ${one('lang')}) AS s
    WHERE i.code = ANY (${many('kinds')})
    ORDER BY 1, 2`,
});

const trend = tablePanel({
  title: 'Against the period before', linkOn: 'none',
  description: 'Each kind in the chosen area in the last published period within the chosen one, against the period before it: change in per cent with 95 % limits, so that a change that chance would make is seen as such.',
  sql: `
    SELECT dash.label_of('indicator', i.code, ${one('lang')}) AS kind, c.earlier, c.later, c.percent, c.percent_ci_lower, c.percent_ci_upper, c.verdict, coalesce(c.reason, c.percent_reason) AS reason
    FROM dash.indicator i
    CROSS JOIN LATERAL dash.marginal_change(i.code, ${one('period')}, ${one('lang')}, dash.level_of(${one('area')}), ARRAY[${one('area')}]::text[]) AS c
    WHERE i.code = ANY (${many('kinds')}) AND c.change_code = 'previous'
    ORDER BY c.percent DESC NULLS LAST, kind`,
});

const areasOverTime = seriesPanel({
  title: 'Areas over time: ${indicator:text}',
  description: 'The chosen indicator (a rate where it has a population) in the compared areas; of more than 20 areas the 20 highest in the period.',
  sql: `
    SELECT s."time" AS "time", s.area_name || ' (' || s.area || ')' AS metric, s.measure AS value
    FROM dash.series(${one('indicator')}, ARRAY(
      SELECT m.area FROM dash.map(${one('indicator')}, ${one('level')}, ${one('period')}, ${one('lang')}) AS m
      WHERE m.area = ANY (${many('areas')}) ORDER BY m.value DESC NULLS LAST, m.area LIMIT 20), ${FROM}, ${TO}, ${one('lang')}) AS s
    ORDER BY 1, 2`,
});

const map = indicatorMap('The chosen indicator in the parts of the chosen area; darker is more, grey is withheld or not published. The table beside it says the same in words.');

const comparison = tablePanel({
  title: 'Areas compared: ${indicator:text}', links: [down],
  description: 'Count, population, rate or share with 95 % limits and, where there is no value, the reason. Click an area to look into it.',
  sql: `
    SELECT c.area_name, c.count, c.population, c.rate, c.proportion, c.ci_lower, c.ci_upper, c.unit, c.shown, c.reason, c.area, i.next_level
    FROM dash.comparison(${one('indicator')}, ${one('period')}, ${one('lang')}, ${one('level')}, 'all') AS c
    JOIN dash.areas_in(${one('area')}, ${one('level')}) AS i ON i.area = c.area
    WHERE c.area = ANY (${many('areas')})
    ORDER BY coalesce(c.rate, c.proportion, c.count::float8) DESC NULLS LAST, c.area_name, c.area`,
});

const published = tablePanel({
  title: 'What is published', linkOn: 'none', description: 'Which indicators this audience sees, from and until which day, and when each was last published.',
  sql: `
    SELECT dash.label_of('indicator', p.indicator, ${one('lang')}) AS indicator_name, p.cube, p.first_day::text AS first_day, p.last_day::text AS last_day, p.published_at
    FROM dash.published p
    ORDER BY 1, 2`,
});

const byGroup = (panel, title, columns) => panel({
  title, linkOn: 'none', description: 'The chosen indicator in the chosen area and period by one group at a time. Withheld groups have no bar and a reason in the table.',
  sql: `
    SELECT ${columns}
    FROM dash.comparison(${one('indicator')}, ${one('period')}, ${one('lang')}, dash.level_of(${one('area')}), ${one('groups')}) AS c
    WHERE c.area = ${one('area')}
    ORDER BY nullif(regexp_replace(c.member, '[^0-9].*', ''), '')::integer NULLS LAST, c.member`,
}).repeat('groups').repeatDirection('h').maxPerRow(3);

// Marks the withheld periods of the kinds' series.
const withheld = new dashboard.AnnotationQueryBuilder().name('withheld').datasource(DATA_SOURCE).enable(true).iconColor('#8e8e8e').target(query('table', `
    SELECT s."time" AS "time", string_agg(dash.label_of('indicator', i.code, ${one('lang')}), ', ' ORDER BY i.code) AS text, s.reason AS tags
    FROM dash.indicator i
    CROSS JOIN LATERAL dash.series(i.code, ARRAY[${one('area')}]::text[], ${FROM}, ${TO}, ${one('lang')}) AS s
    WHERE i.code = ANY (${many('kinds')}) AND s.reason IS NOT NULL
    GROUP BY s."time", s.reason
    ORDER BY 1`, 'Anno'));

export default board({
  uid, title: 'Needs and threats', tags: ['needs', 'threats'],
  description: 'What people ask for and what threatens their health, by kind, area and group.',
  variables: [variables.dataSource(), variables.language(), variables.area(), variables.level(), variables.areas(), variables.period(),
    variables.indicator(), variables.kinds(), variables.groups(), variables.freshness()],
  annotations: [withheld],
  rows: [
    [[[about, 8, 10], [path, 8, 5]], [kindsNow, 16, 15]],
    [[kindsOverTime, 12, 10], [trend, 12, 10]],
    [[areasOverTime, 24, 9]],
    [[map, 12, 16], [comparison, 12, 16]],
    [[published, 24, 8]],
    [[byGroup(groupPanel, 'By ${groups:text}: ${indicator:text}', 'c.member, c.count'), 24, 9]],
    [[byGroup(tablePanel, 'By ${groups:text}, in figures', 'c.member, c.count, c.population, c.rate, c.ci_lower, c.ci_upper, c.proportion, c.shown, c.reason'), 24, 9]],
  ],
});
