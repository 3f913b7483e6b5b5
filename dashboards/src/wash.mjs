// WASH services: which facilities and households have water, sanitation and hygiene, where not, and what would lift them.
import { board } from './board.mjs';
import { LADDERS } from './palette.mjs';
import { aboutPanel, drillDown, ladderPanel, mapPanel, tablePanel } from './panels.mjs';
import { one } from './sql.mjs';
import * as variables from './variables.mjs';

const uid = 'civic-wash';
const down = drillDown(uid, 'Look into ${__data.fields.area_name}', ['domain']);
const CALL = `(${one('domain')}, ${one('period')}, ${one('lang')}, ${one('level')})`;
const INSIDE = `JOIN dash.areas_in(${one('area')}, ${one('level')}) AS i ON i.area = w.area`;

const about = aboutPanel('About this board', `
**Which facilities and households have water, sanitation and hygiene, and what would lift the others?** For those who plan and inspect services.

**Source:** assessments, each decided by the ruleset in force; levels as of the latest look that the period meets.
**Levels** are those of the WHO/UNICEF Joint Monitoring Programme. **Not enough answers** is a level that the answers leave open: it is never
counted as the lowest. The share **surely** at basic or better counts those known to be; **possibly** adds those that may be.
A grey – is withheld or not assessed, with the reason beside it.
`);

const levels = Object.keys(LADDERS);
const bars = ladderPanel({
  title: 'Ladder by area: ${domain:text}', x: 'area_name',
  description: 'Share of those assessed on each level, one bar an area. Areas without assessments, or withheld, have no bar; the table says why.',
  sql: `
    SELECT w.area_name, ${levels.map((l) => `max(w.share) FILTER (WHERE w.level = '${l}') AS ${l}`).join(',\n           ')}
    FROM dash.wash_levels${CALL} AS w
    ${INSIDE}
    GROUP BY w.area_name, w.area
    ORDER BY w.area_name, w.area`,
});

const progress = tablePanel({
  title: 'At basic or better: ${domain:text}', links: [down],
  description: 'Share surely and possibly at basic or better, beside the base year\'s and the national standard. Met when the sure share reaches the standard, not met when even the possible one does not.',
  sql: `
    SELECT w.area_name, w.registered, w.assessed, w.possible_from, w.possible_to, w.base_year, w.base_possible_from, w.change AS basic_change, w.standard AS basic_standard, w.verdict, w.reason, w.area, i.next_level
    FROM dash.wash_progress${CALL} AS w
    ${INSIDE}
    ORDER BY w.possible_from NULLS LAST, w.area_name, w.area`,
});

const map = mapPanel({
  title: 'Map: surely at basic or better, ${domain:text}', levels: ['province', 'district', 'municipality', 'ward'],
  description: 'Share surely at basic or better; darker is more, grey is withheld or not assessed. The table beside it says the same in words.',
  sql: `
    SELECT w.area, w.area_name, w.possible_from AS value, w.reason
    FROM dash.wash_progress${CALL} AS w
    ${INSIDE}
    ORDER BY w.area`,
});

const lifts = tablePanel({
  title: 'What would lift them: ${domain:text}', linkOn: 'none',
  description: 'Criteria that are not met in the chosen area, by how many lack each; one may lack several. It may be empty where none is lacking.',
  sql: `
    SELECT w.what AS lacking, w.count, w.share, w.reason
    FROM dash.wash_lifts(${one('domain')}, ${one('period')}, ${one('lang')}, dash.level_of(${one('area')})) AS w
    WHERE w.area = ${one('area')}
    ORDER BY w.count DESC NULLS LAST, lacking`,
});

const figures = tablePanel({
  title: 'Levels in figures: ${domain:text}', linkOn: 'none', description: 'Number and share on each level by area, the lowest level first.',
  sql: `
    SELECT w.area_name, w.level_name, w.count, w.share, w.reason
    FROM dash.wash_levels${CALL} AS w
    ${INSIDE}
    ORDER BY w.area_name, w.area, w.rank`,
});

export default board({
  uid, title: 'WASH services', tags: ['wash'],
  description: 'Service levels of water, sanitation and hygiene by area, what would lift them, progress against base year and standard.',
  variables: [variables.dataSource(), variables.language(), variables.area(), variables.level(), variables.period(), variables.domain(),
    ...variables.carried(), variables.freshness()],
  rows: [
    [[about, 8, 14], [bars, 16, 14]],
    [[map, 12, 16], [progress, 12, 16]],
    [[lifts, 12, 12], [figures, 12, 12]],
  ],
});
