// Workforce access: how many workers may work, who may not and why, and what is about to change.
import { board } from './board.mjs';
import { aboutPanel, codesPanel, tablePanel } from './panels.mjs';
import { one } from './sql.mjs';
import * as variables from './variables.mjs';

const about = aboutPanel('About this board', `
**How many workers may work, why may the others not, and what will change soon?** For those who steer sectors and dormitories.

**Source:** access codes as decided by the policy in force, counted and published for this audience.
**Green** may work, **yellow** may with conditions, **red** may not, **grey** cannot be decided: facts are missing or too old.
A bar that does not reach 100 % has a colour that is *withheld*, because it stands for too few people. It is not nought.
`);

const CODES_BY = {
  sector: ['access_by_sector', 'Codes by sector', 'Share of each code among the workers of a sector.'],
  size: ['access_by_size', 'Codes by size of the employer', 'Share of each code among workers, by how many workers their employer has.'],
  dormitory: ['access_by_dormitory', 'Codes by dormitory', 'Share of each code among residents, the dormitories with most red first; the 20 worst.'],
  due: ['access_by_due', 'When time alone changes the code', 'Workers by when their code turns unless a new fact comes in first, and what it is now.'],
};
const COLUMNS = 'c.green, c.yellow, c.red, c.grey';

const bars = ([cube, title, description], { order = 'c.member', limit = 50 } = {}) => codesPanel({
  title, description: `${description} A part that is withheld is missing from its bar; the table says why.`, x: 'member',
  sql: `
    SELECT c.member, ${COLUMNS}
    FROM dash.access_codes('${cube}', ${one('lang')}) AS c
    WHERE c.member IS NOT NULL
    ORDER BY ${order} LIMIT ${limit}`,
});

const whole = codesPanel({
  title: 'All workers', x: 'member', description: 'Share of each code among all workers at the last publication.',
  sql: `
    SELECT 'all workers' AS member, ${COLUMNS}
    FROM dash.access_codes('access_by_sector', ${one('lang')}) AS c
    WHERE c.member IS NULL
    ORDER BY 1`,
});

const figures = tablePanel({
  title: 'Codes by sector, in figures', linkOn: 'none', description: 'Number of workers and share of each code by sector; a grey – is withheld.',
  sql: `
    SELECT coalesce(c.member, 'all') AS member, c.workers, ${COLUMNS}, c.reason
    FROM dash.access_codes('access_by_sector', ${one('lang')}) AS c
    ORDER BY c.member IS NOT NULL, c.member`,
});

const reasons = tablePanel({
  title: 'Main reasons', linkOn: 'none', description: 'The main reason of each worker who is not green, and how many have it. Reasons are rules of the policy in force.',
  sql: `
    SELECT r.member, r.colour, r.workers AS count, r.reason
    FROM dash.access_reasons(${one('lang')}) AS r
    ORDER BY r.workers DESC NULLS LAST, r.member, r.colour`,
});

const effect = tablePanel({
  title: 'Effect of policies before they are in force', linkOn: 'none',
  description: 'What the newest assessment of each version found against the version then in force: from which code to which, how many workers (rounded to the least number that is shown), and the share of green ones lost. It may be empty where no version was assessed.',
  sql: `
    SELECT p.policy, p.version, p.status, p.old_colour, p.new_colour, p.workers, p.share_lost, dash.label_of('reason', p.reason, ${one('lang')}) AS reason
    FROM dash.policy_effect AS p
    ORDER BY p.version DESC, p.workers DESC NULLS LAST, 4, 5`,
});

const feeds = tablePanel({
  title: 'Feeds of the agencies', linkOn: 'none', description: 'When each feed was last heard. A policy that asks for the age of its feeds turns codes grey when one is too old; the dated sample policies do not ask. Feeds older than 24 hours deserve a call.',
  sql: `
    SELECT f.agency_name, f.kind, f.required, f.heard_at, f.age, f.refused
    FROM dash.feed AS f
    WHERE f.heard_at IS NOT NULL
    ORDER BY f.age DESC, f.agency_name, f.kind`,
});

export default board({
  uid: 'civic-access', title: 'Workforce access', tags: ['access'],
  description: 'Access codes by sector, employer size and dormitory, their reasons, what flips soon, the effect of policies, the age of feeds.',
  variables: [variables.dataSource(), variables.language(), variables.freshness()],
  rows: [
    [[about, 8, 12], [[whole, 16, 5], [figures, 16, 7]]],
    [[bars(CODES_BY.sector), 12, 10], [bars(CODES_BY.size), 12, 10]],
    [[bars(CODES_BY.dormitory, { order: 'c.red DESC NULLS LAST, c.member', limit: 20 }), 12, 14], [[bars(CODES_BY.due), 12, 6], [reasons, 12, 8]]],
    [[effect, 12, 10], [feeds, 12, 10]],
  ],
});
