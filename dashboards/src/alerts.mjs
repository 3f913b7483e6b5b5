// Alert rules, each linked to the panel that shows the same.  Whom they notify is the site's to say: no contact point is set here.
import access from './access.mjs';
import centre from './centre.mjs';
import operations from './operations.mjs';

const boards = [access, centre, operations];
const DATA_SOURCE_UID = 'pgcivic';

const panelOf = (uid, title) => {
  const panel = boards.find((b) => b.uid === uid)?.panels.find((p) => p.title === title);
  if (!panel) throw new Error(`board ${uid} has no panel "${title}"`);
  return panel.id;
};

// One instance a row: SQL gives text columns, its labels, and one number; it fires while the number is above the threshold.
function rule({ uid, title, summary, sql, above, wait, on: [board, panel], noData = 'OK' }) {
  const dashboardUid = board, panelId = panelOf(board, panel);
  return {
    uid, title, condition: 'B', for: wait, noDataState: noData, execErrState: 'Error', isPaused: false, dashboardUid, panelId,
    annotations: { summary, __dashboardUid__: dashboardUid, __panelId__: String(panelId) },
    labels: { system: 'pgcivic' },
    data: [
      { refId: 'A', datasourceUid: DATA_SOURCE_UID, relativeTimeRange: { from: 86400, to: 0 },
        model: { refId: 'A', format: 'table', editorMode: 'code', rawQuery: true, rawSql: sql.trim().replace(/\n {4}/g, '\n') } },
      { refId: 'B', datasourceUid: '__expr__', relativeTimeRange: { from: 86400, to: 0 },
        model: { refId: 'B', type: 'threshold', expression: 'A', conditions: [{ type: 'query', evaluator: { type: 'gt', params: [above] } }] } },
    ],
  };
}

const rules = [
  rule({
    uid: 'civic-intake-late', title: 'Reports are not applied', wait: '5m', above: 900, on: [operations.uid, 'Sources'],
    summary: 'Payloads of {{ $labels.source }} wait for {{ $values.A }} seconds: the tick does not run, or fails.',
    sql: `
    SELECT s.source, coalesce(extract(epoch FROM now() - s.waiting_since), 0)::float8 AS seconds
    FROM dash.intake_source s
    ORDER BY s.source`,
  }),
  rule({
    uid: 'civic-source-silent', title: 'A source has fallen silent', wait: '0s', above: 86400, on: [operations.uid, 'Sources'],
    summary: '{{ $labels.source }} has sent nothing that was applied for more than a day.',
    sql: `
    SELECT s.source, extract(epoch FROM now() - s.last_applied)::float8 AS seconds
    FROM dash.intake_source s
    WHERE s.last_applied IS NOT NULL
    ORDER BY s.source`,
  }),
  rule({
    uid: 'civic-tick-fails', title: 'A step of the tick fails', wait: '5m', above: 0, on: [operations.uid, 'Time the tick takes'],
    summary: '{{ $values.A }} steps of the tick failed in the last ten minutes; the others ran. Their SQLSTATE is on the panel.',
    sql: `
    SELECT h.label, h.value FROM dash.health('en') AS h WHERE h.code = 'failing_steps' ORDER BY h.code`,
  }),
  rule({
    uid: 'civic-undecided', title: 'No policy decides access codes', wait: '0s', above: 0, on: [access.uid, 'All workers'],
    summary: 'No version of the policy is in force, or it cannot decide: codes stay until they run out, and then turn grey.',
    sql: `
    SELECT h.label, h.value FROM dash.health('en') AS h WHERE h.code = 'undecided' ORDER BY h.code`,
  }),
  rule({
    uid: 'civic-dead-letters', title: 'Documents are being refused', wait: '0s', above: 3, on: [operations.uid, 'Open dead letters by reason'],
    summary: '{{ $labels.code }} from {{ $labels.source }}: {{ $values.A }} times as many documents refused in the last day as on a day of the week before.',
    sql: `
    SELECT d.code, d.source, d.field, (d.last_day / greatest(d.daily_before, 10))::float8 AS times
    FROM dash.dead_letter d
    ORDER BY d.code, d.source, d.field`,
  }),
  rule({
    uid: 'civic-alarms', title: 'A count is far above what is usual', wait: '0s', above: 1, on: [centre.uid, 'Alarms'],
    summary: '{{ $labels.indicator_name }} in {{ $labels.area_name }}: {{ $values.A }} times as far from the expected count as its bound.',
    sql: `
    SELECT a.indicator, a.indicator_name, a.area, a.area_name, a.level, max(a.score)::float8 AS score
    FROM dash.alarms('latest', 'en', budget => 5) AS a
    WHERE a.explained_by IS NULL
    GROUP BY a.indicator, a.indicator_name, a.area, a.area_name, a.level
    ORDER BY a.indicator, a.area`,
  }),
  rule({
    uid: 'civic-green-fall', title: 'Green codes fell suddenly', wait: '0s', above: 0.05, on: [access.uid, 'All workers'],
    summary: 'The share of green workers fell by {{ $values.A }} since the release before: a policy, a feed, or an outbreak.',
    sql: `
    SELECT 'all workers' AS who, g.fall FROM dash.green_fall() AS g WHERE g.fall IS NOT NULL`,
  }),
  rule({
    uid: 'civic-feed-late', title: 'A feed of an agency is late', wait: '0s', above: 93600, on: [access.uid, 'Feeds of the agencies'],
    summary: '{{ $labels.agency_name }} has not sent {{ $labels.kind }} for more than 26 hours; a policy that asks for its age turns codes grey.',
    sql: `
    SELECT f.agency_name, f.kind, f.age::float8 AS age
    FROM dash.feed f
    WHERE f.required AND f.heard_at IS NOT NULL
    ORDER BY f.agency_name, f.kind`,
  }),
];

export default { apiVersion: 1, groups: [{ orgId: 1, name: 'pgcivic', folder: 'Command centre', interval: '1m', rules }] };
