// Alert rules, each linked to the panel that shows the same.  Whom they notify is the site's to say: no contact point is set here.
import needs from './needs.mjs';
import operations from './operations.mjs';

const boards = [needs, operations];
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
    uid: 'civic-dead-letters', title: 'Documents are being refused', wait: '0s', above: 3, on: [operations.uid, 'Open dead letters by reason'],
    summary: '{{ $labels.code }} from {{ $labels.source }}: {{ $values.A }} times as many documents refused in the last day as on a day of the week before.',
    sql: `
    SELECT d.code, d.source, d.field, (d.last_day / greatest(d.daily_before, 10))::float8 AS times
    FROM dash.dead_letter d
    ORDER BY d.code, d.source, d.field`,
  }),
];

export default { apiVersion: 1, groups: [{ orgId: 1, name: 'pgcivic', folder: 'Command centre', interval: '1m', rules }] };
