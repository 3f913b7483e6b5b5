// Capacity building: what officials hold of what their posts need, by ministry, what they lack, what they learn, and how plans go.
import { board } from './board.mjs';
import { aboutPanel, seriesPanel, tablePanel } from './panels.mjs';
import { FROM, TO, one } from './sql.mjs';
import * as variables from './variables.mjs';

const about = aboutPanel('About this board', `
**Do officials hold what their posts need, what do they lack, and does training close it?** For those who steer training.

**Source:** evidence of competencies and enrolments, as counted at the end of a month and published for this audience.
**Coverage** is the mean over officials of the weighted share of the levels needed that they hold. **Observed / expected** compares the officials who hold all that their
posts need with what the mix of designations makes one expect: 1 is as expected, and below or above it only where the limits leave 1 out.
**Score** is the mean over officials of having been active, completed a training and proved a competency by assessment; weights are shown below.
A value made of too few people is *withheld*: it shows as – with the reason beside it. It is not nought.
`);

const coverage = tablePanel({
  title: 'Coverage by ministry', linkOn: 'none', description: 'Share of the levels needed that is held with limits of at least 95 %, beside the target; the change since the first month published; the ratio to what this mix of designations makes one expect, and the limits between which chance alone keeps it.',
  sql: `
    SELECT c.ministry, c.officials, c.coverage, c.ci_lower, c.ci_upper, c.target, c.base_coverage, c.change, c.ratio, c.funnel_lower, c.funnel_upper, c.place, c.reason, c.officials_reason, c.met, c.met_share, c.met_reason
    FROM dash.capacity_coverage(${one('period')}, ${one('lang')}, (SELECT to_char(min(r.period_start), 'YYYY-MM') FROM dash.release r WHERE r.cube = 'capacity')) AS c
    ORDER BY c.coverage DESC NULLS LAST, c.ministry`,
});

const overTime = seriesPanel({
  title: 'Coverage over time', unit: 'percentunit', description: 'Share of the levels needed that is held, by ministry and month. A gap is a withheld value.',
  sql: `
    SELECT s."time" AS "time", s.ministry AS metric, s.coverage AS value
    FROM dash.capacity_series(${FROM}, ${TO}) AS s
    ORDER BY 1, 2`,
});

const scores = tablePanel({
  title: 'Score by ministry', linkOn: 'none', description: 'Score of the month, 0 to 100, with 95 % limits, and the shares of officials it is made of.',
  sql: `
    SELECT c.ministry, c.officials, c.engagement, c.learning, c.assessment, c.score AS ministry_score, c.ci_lower, c.ci_upper, c.reason
    FROM dash.capacity_score(${one('period')}, ${one('lang')}) AS c
    ORDER BY c.score DESC NULLS LAST, c.ministry`,
});

const weights = tablePanel({
  title: 'Weights of the score', linkOn: 'none', description: 'In per cent, by the days on which they hold; an open end is –.',
  sql: `
    SELECT w.from_day::text AS valid_from, w.to_day::text AS valid_until, w.engagement / 100.0 AS engagement, w.learning / 100.0 AS learning, w.assessment / 100.0 AS assessment
    FROM dash.score_weight w
    ORDER BY w.from_day NULLS FIRST`,
});

const gaps = tablePanel({
  title: 'What is lacking', linkOn: 'none', description: 'Officials of all ministries who lack a competency, and the levels they lack together; most people first.',
  sql: `
    SELECT g.name, g.people, g.levels, g.reason
    FROM dash.capacity_gaps(${one('period')}, ${one('lang')}) AS g
    ORDER BY g.people DESC NULLS LAST, g.name, g.competency`,
});

const passbook = tablePanel({
  title: 'Passbook: ${unit:text}', linkOn: 'none', description: 'Levels proved by evidence at the end of the month before and of this one, and officials who gained or lost some in between. Without a month published before there is no opening balance.',
  sql: `
    SELECT p.entry, p.levels, p.people, p.reason
    FROM dash.capacity_passbook(${one('period')}, ${one('unit')}, ${one('lang')}) AS p
    ORDER BY p.entry_no`,
});

const plans = tablePanel({
  title: 'Annual plans', linkOn: 'none', description: 'Approved plans of the latest financial year: seats and money against the share of the year published so far, coverage before, now and expected.',
  sql: `
    SELECT p.ministry, p.year_start, p.year_end, p.budget, p.seats, p.taken, p.seats_variance, p.cost, p.spent, p.cost_variance, p.coverage_before, p.coverage, p.coverage_expected, p.reason
    FROM dash.plan_progress('latest', ${one('lang')}) AS p
    ORDER BY p.ministry`,
});

export default board({
  uid: 'civic-capacity', title: 'Capacity building', tags: ['capacity'],
  description: 'What officials hold of what their posts need, what they lack, what they learn, and how training plans go.',
  variables: [variables.dataSource(), variables.language(), variables.period(), variables.unit(), ...variables.carried(), variables.freshnessOf('capacity')],
  rows: [
    [[about, 8, 12], [coverage, 16, 12]],
    [[overTime, 12, 10], [scores, 12, 10]],
    [[gaps, 12, 12], [passbook, 12, 12]],
    [[plans, 18, 8], [weights, 6, 8]],
  ],
});
