// Baselines and alarms: what is unusual, where to look first, and what cannot be judged.
import { board } from './board.mjs';
import { aboutPanel, comingPanel, seriesPanel, tablePanel } from './panels.mjs';
import { FROM, TO, one } from './sql.mjs';
import * as variables from './variables.mjs';

const about = aboutPanel('About this board', `
**What is unusual, and where does one look first?** For those who follow alarms up.

**Source:** published counts and what a detector expected of them from their past; see docs/baselines.md and docs/alarms.md.
An **alarm** is a count above its upper bound. **Score** says how far: above 1 is an alarm. **q** is the share of false alarms among those with a q as small.
**Look first at** is the lowest area inside that has at least half of the excess. **Reported** is the share of reports due that came: what is missing is not nought.
Without a verdict there is a reason: the past is too short, too much of it is missing, or values are withheld.
`);

const alarms = tablePanel({
  title: 'Alarms', linkOn: 'none',
  description: 'Alarms in the chosen area and period, the newest and highest first; at most 20 of an indicator, level and day.',
  sql: `
    SELECT a."time", a.indicator_name, a.level_name, a.area_name, a.value, a.shown, a.expected, a.upper_bound, a.score, a.q_value, a.exceedance_rank, a.explained_by, a.completeness, a.state
    FROM dash.alarms(${one('period')}, ${one('lang')}, NULL, ${one('area')}) AS a
    ORDER BY a."time" DESC, a.score DESC NULLS LAST, a.area_name, a.level_name`,
});

const baseline = seriesPanel({
  title: '${indicator:text}: what was expected',
  description: 'The chosen indicator in the chosen area with the count that was expected and its bounds; points on "alarm" are above the upper bound. A gap is a value or a verdict that is not there; the table beside says why.',
  sql: `
    SELECT b."time" AS "time", b.value AS "count", b.expected AS "expected", b.upper_bound AS "upper bound", b.lower_bound AS "lower bound", b.alarm_value AS "alarm"
    FROM dash.baseline(${one('indicator')}, ${one('area')}, ${FROM}, ${TO}, ${one('lang')}) AS b
    ORDER BY 1`,
});

const coming = comingPanel({
  title: '${indicator:text}: still to be reported',
  description: 'The last days of the chosen indicator in the chosen area, where it is published by the day and its reports come late: what is published, what is still expected on top, and the limits between which the sum will lie with a probability of 95 %. Made of published values; it may be empty: days that are complete are not shown; see docs/nowcast.md.',
  sql: `
    SELECT n."time" AS "time", n.reported AS "reported", n.expected_rest AS "still expected", n.lower_limit AS "lower limit", n.upper_limit AS "upper limit"
    FROM dash.nowcasts(${one('indicator')}, ${one('area')}, ${FROM}, ${TO}, ${one('lang')}) AS n
    ORDER BY 1`,
});

const reasons = tablePanel({
  title: 'Periods without a verdict', linkOn: 'none', description: 'How many periods of the chosen period, in how many areas, could not be judged, and why.',
  sql: `
    SELECT v.indicator_name, v.level_name, v.reason, v.periods AS silent_periods, v.areas AS silent_areas
    FROM dash.no_verdict(${one('period')}, ${one('lang')}) AS v
    ORDER BY v.periods DESC, v.indicator_name, v.level_name, v.reason`,
});

const reported = seriesPanel({
  title: 'Reports received of those due: ${indicator:text}', unit: 'percentunit',
  description: 'Share of the reports due that came, by province; where fewer than the series asks for came (0.8 unless declared otherwise) the day counts as missing.',
  sql: `
    SELECT c."time" AS "time", c.area_name AS metric, c.completeness AS value
    FROM dash.completeness(${one('indicator')}, 'province', ${FROM}, ${TO}) AS c
    ORDER BY 1, 2`,
});

export default board({
  uid: 'civic-alarms', title: 'Baselines and alarms', tags: ['alarms'], from: 'now-90d',
  description: 'What is unusual and where to look first, what was expected, and what cannot be judged.',
  variables: [variables.dataSource(), variables.language(), variables.area(), variables.period(), variables.watched(), variables.freshness()],
  rows: [
    [[about, 8, 14], [alarms, 16, 14]],
    [[baseline, 16, 11], [coming, 8, 11]],
    [[reported, 12, 10], [reasons, 12, 10]],
  ],
});
