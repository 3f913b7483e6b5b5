// The command centre's wall: what needs somebody now.
import { board } from './board.mjs';
import { LATE, aboutPanel, codesPanel, drillDown, groupPanel, healthPanel, indicatorMap, tablePanel } from './panels.mjs';
import { one } from './sql.mjs';
import * as variables from './variables.mjs';

const down = drillDown('civic-needs', 'Look into ${__data.fields.area_name}', ['kinds', 'groups']);

const about = aboutPanel('About this board', `
**What needs somebody now?** For the wall of the command centre; the other boards say more about each part.

**Source:** reports that passed intake, baselines, access codes, as published for this audience.
An **alarm** is a count above what its own history lets expect. A grey – is *withheld* or not published, and is not nought.
**Read as** says what a rounded count may be, such as *5 (1 to 9)*.
`);

const alarms = tablePanel({
  title: 'Alarms', linkOn: 'none', description: 'Alarms of the chosen period (latest: the last four weeks), the most unusual first. It may be empty: then nothing exceeds what is usual.',
  sql: `
    SELECT a.area_name, a.indicator_name, a.value, a.shown, a.expected, a.upper_bound, a.explained_by, a.completeness, a.state
    FROM dash.alarms(${one('period')}, ${one('lang')}) AS a
    ORDER BY a.exceedance_rank, a.area_name, a.indicator_name LIMIT 15`,
});

const topic = (code, title, description) => groupPanel({
  title, description: `${description} Rate per 100,000 people; a kind without a bar is withheld.`, unit: 'locale',
  sql: `
    SELECT dash.label_of('indicator', i.code, ${one('lang')}) AS member, c.rate
    FROM dash.indicator i
    CROSS JOIN LATERAL dash.comparison(i.code, ${one('period')}, ${one('lang')}, dash.level_of(${one('area')}), 'all') AS c
    WHERE i.topic = '${code}' AND i.kind = 'rate' AND c.area = ${one('area')}
    ORDER BY c.rate DESC NULLS LAST, 1`,
});

const codes = codesPanel({
  title: 'Access codes', x: 'member', description: 'Share of each code among the workers of each sector. A part that is withheld is missing from its bar. It may be empty where nothing is published.',
  sql: `
    SELECT coalesce(c.member, 'all workers') AS member, c.green, c.yellow, c.red, c.grey
    FROM dash.access_codes('access_by_sector', ${one('lang')}) AS c
    ORDER BY c.member IS NOT NULL, c.member LIMIT 12`,
});

const map = indicatorMap('The chosen indicator in the parts of the chosen area; darker is more, grey is withheld or not published.');

const worst = tablePanel({
  title: 'Where most: ${indicator:text}', links: [down], description: 'The parts of the chosen area with the highest rate, share or count; click one to look into it.',
  sql: `
    SELECT c.area_name, c.count, c.rate, c.proportion, c.shown, c.reason, c.area, i.next_level
    FROM dash.comparison(${one('indicator')}, ${one('period')}, ${one('lang')}, ${one('level')}, 'all') AS c
    JOIN dash.areas_in(${one('area')}, ${one('level')}) AS i ON i.area = c.area
    ORDER BY coalesce(c.rate, c.proportion, c.count::float8) DESC NULLS LAST, c.area_name, c.area LIMIT 12`,
});

export default board({
  uid: 'civic-centre', title: 'Command centre', tags: ['wall'],
  description: 'What needs somebody now: alarms, needs, threats, access codes, the state of the intake, and where.',
  variables: [variables.dataSource(), variables.language(), variables.area(), variables.level(), variables.period(), variables.indicator(), variables.kinds(), variables.groups(), variables.freshness()],
  rows: [
    [[alarms, 14, 11], [[healthPanel('Oldest payload waiting', 'waiting_s', 'How long the oldest payload waits to be applied.', 's', LATE), 5, 4], [healthPanel('Open dead letters', 'dead_letters', 'Documents that could not become facts.'), 5, 4],
      [healthPanel('Since the last tick', 'tick_age_s', 'Time since a step of the tick last finished.', 's', LATE), 5, 3]], [about, 5, 11]],
    [[topic('needs', 'Needs by kind', 'What people ask for in the chosen area and period.'), 8, 9], [topic('threats', 'Health threats', 'What threatens health in the chosen area and period.'), 8, 9], [codes, 8, 9]],
    [[map, 14, 15], [worst, 10, 15]],
  ],
});
