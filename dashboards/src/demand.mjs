// Training demand: what training providers may know of the gaps of officials, and of their own courses.
import { board } from './board.mjs';
import { aboutPanel, tablePanel } from './panels.mjs';
import { one } from './sql.mjs';
import * as variables from './variables.mjs';

const about = aboutPanel('About this board', `
**Which trainings are needed, and how many seats are there for them?** For training institutes and learning platforms.

**Source:** gaps of officials as counted at the end of a month, published for training providers.
Nothing here stands for fewer than ten people: what does is *withheld* and shows as – with the reason beside it. It is not nought.
**Demand less seats** is officials who lack a competency less the seats of sessions that begin in the month or the twelve after it;
below nought there are more seats than people. A seat of a training that teaches several competencies counts for each of them.
`);

const demand = tablePanel({
  title: 'Demand by competency', linkOn: 'none', description: 'Officials who lack a competency, the levels they lack, seats and trainings offered, and demand less seats; the greatest need first.',
  sql: `
    SELECT d.name, d.people, d.levels, d.seats, d.trainings, d.unmet, d.reason
    FROM dash.training_demand(${one('period')}, ${one('lang')}) AS d
    ORDER BY d.unmet DESC NULLS LAST, d.name, d.competency`,
});

const feedback = tablePanel({
  title: 'What trainings achieve', linkOn: 'none', description: 'Trainings completed so far: people, rating, levels gained each, price by level gained, and the quarter of all trainings by price per hour (1 is the cheapest).',
  sql: `
    SELECT f.title, f.provider, f.people, f.rating, f.levels_each, f.price, f.price_per_level, f.price_quartile, f.reason
    FROM dash.training_feedback(${one('period')}, ${one('lang')}) AS f
    ORDER BY f.people DESC NULLS LAST, f.title, f.training`,
});

const sessions = tablePanel({
  title: 'Sessions', linkOn: 'none', description: 'The first 500 sessions of all providers from the last day published on, with seats offered. How many are taken is not told.',
  sql: `
    SELECT t.title, t.provider, t.mode, s.starts::text AS starts, s.ends::text AS ends, s.place, s.seats, t.hours, t.price
    FROM dash.training_session s JOIN dash.training t USING (training)
    WHERE s.starts >= (SELECT max(r.period_end) FROM dash.release r WHERE r.cube = 'training_demand')
    ORDER BY s.starts, t.title, s.session LIMIT 500`,
});

export default board({
  uid: 'civic-demand', title: 'Training demand', tags: ['capacity', 'providers'],
  description: 'Demand for training less the seats there are, for training providers: nothing of fewer than ten people.',
  variables: [variables.dataSource('pgcivic-provider'), variables.language(), variables.period(), variables.freshnessOf('training_demand')],
  rows: [
    [[about, 8, 14], [demand, 16, 14]],
    [[feedback, 12, 14], [sessions, 12, 14]],
  ],
});
