// Data quality and operations: does what comes in get through, and is the machinery turning?
import { board } from './board.mjs';
import { LATE, aboutPanel, healthPanel, seriesPanel, tablePanel } from './panels.mjs';
import { FROM, TO, many, one } from './sql.mjs';
import * as variables from './variables.mjs';

const about = aboutPanel('About this board', `
**Is the data late, refused, or stuck?** For those who keep the system running.

**Source:** the intake's own books: batches, open dead letters, steps of the tick, partitions, rulesets. Counts only, never what a report says.
A **dead letter** is a document that could not become a fact; it is kept with its reason and tried again when the reason is mended.
**Waiting** is what has come in and was not yet applied. The **tick** does all that is due, once a minute.
`);

const stats = [
  healthPanel('Oldest payload waiting', 'waiting_s', 'How long the oldest payload waits to be applied. More than a few minutes means that the tick does not run or fails.', 's', LATE),
  healthPanel('Since the last tick', 'tick_age_s', 'Time since a step of the tick last finished.', 's', LATE),
  healthPanel('Open dead letters', 'dead_letters', 'Documents that could not become facts and wait for somebody to mend their reason.'),
  healthPanel('Documents of the last day', 'received', 'Documents in batches applied in the last 24 hours, copies included.'),
  healthPanel('Since the last release', 'release_age_s', 'Time since anything was last published for this audience.', 's'),
];

const intake = seriesPanel({
  title: 'Documents by source', description: 'Documents in the batches applied, by source and hour; refused ones included.',
  sql: `
    SELECT date_trunc('hour', b."time") AS "time", b.source AS metric, sum(b.received)::float8 AS value
    FROM dash.intake_batch b
    WHERE b."time" BETWEEN ${FROM} AND ${TO} AND b.source = ANY (${many('sources')})
    GROUP BY 1, 2
    ORDER BY 1, 2`,
});

const refused = seriesPanel({
  title: 'Share refused by source', unit: 'percentunit', description: 'Documents refused out of those received, by source and hour of the batch.',
  sql: `
    SELECT date_trunc('hour', b."time") AS "time", b.source AS metric, (sum(b.rejected) / nullif(sum(b.received), 0))::float8 AS value
    FROM dash.intake_batch b
    WHERE b."time" BETWEEN ${FROM} AND ${TO} AND b.source = ANY (${many('sources')})
    GROUP BY 1, 2
    ORDER BY 1, 2`,
});

const sources = tablePanel({
  title: 'Sources', linkOn: 'none', description: 'Each source: what waits, when its last batch was applied, what it sent in all and how much of it was refused.',
  sql: `
    SELECT s.source, s.waiting, s.waiting_since, s.last_applied, s.documents, s.refused, s.dead_letters
    FROM dash.intake_source s
    WHERE s.source = ANY (${many('sources')})
    ORDER BY s.waiting DESC, s.source`,
});

const letters = tablePanel({
  title: 'Open dead letters by reason', linkOn: 'none',
  description: 'Why documents could not become facts, by source and field, the most first. A sudden rise of one reason is usually a changed form.',
  sql: `
    SELECT d.code, dash.label_of('intake_code', d.code, ${one('lang')}) AS label, d.source, d.field, d.letters, d.last_day, d.daily_before, d.oldest
    FROM dash.dead_letter d
    WHERE d.source = ANY (${many('sources')})
    ORDER BY d.letters DESC, d.code, d.source, d.field`,
});

const steps = seriesPanel({
  title: 'Time the tick takes', unit: 's', description: 'Seconds each step of the tick took, the longest of each hour. One that failed stands apart with its SQLSTATE; it was undone and the others ran.',
  sql: `
    SELECT date_trunc('hour', t."time") AS "time", t.step || coalesce(' (failed: ' || t.error || ')', '') AS metric, max(t.seconds)::float8 AS value
    FROM dash.tick_step t
    WHERE t."time" BETWEEN ${FROM} AND ${TO}
    GROUP BY 1, 2
    ORDER BY 1, 2`,
});

const partitions = tablePanel({
  title: 'Months of facts', linkOn: 'none', description: 'Partitions of observations: rows as ANALYZE last estimated, size with indexes. Facts in the partition "other" have a month that was not made.',
  sql: `
    SELECT p.partition, p.rows, p.bytes FROM dash.partition p ORDER BY p.partition`,
});

const rulesets = tablePanel({
  title: 'Rulesets', linkOn: 'none', description: 'Policies and standards: where each comes from, from when until when it holds, and whether it is in force now.',
  sql: `
    SELECT r.code, r.in_force, r.valid_from, r.valid_until, r.source, r.sha256 FROM dash.ruleset r ORDER BY r.in_force DESC, r.code, r.valid_from`,
});

export default board({
  uid: 'civic-operations', title: 'Data quality and operations', tags: ['operations'],
  description: 'Whether reports get through: lags, refusals by reason, the tick, partitions, policies in force.',
  variables: [variables.dataSource(), variables.language(), variables.sources(), variables.freshness()],
  rows: [
    [[about, 9, 8], ...stats.slice(0, 3).map((p) => [p, 5, 8])],
    [[stats[3], 9, 5], [stats[4], 15, 5]],
    [[intake, 12, 9], [refused, 12, 9]],
    [[sources, 12, 9], [letters, 12, 9]],
    [[steps, 12, 9], [partitions, 12, 9]],
    [[rulesets, 24, 9]],
  ],
  from: 'now-7d',
});
