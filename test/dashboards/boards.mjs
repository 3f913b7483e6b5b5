// The boards and alert rules of dashboards/, and where in them SQL stands.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mayBeEmpty } from './browser/judge.mjs';
import { root } from './seed.mjs';

const readJson = (folder) =>
  existsSync(folder) ? readdirSync(folder).filter((f) => f.endsWith('.json')).sort()
    .map((file) => ({ file, path: join(folder, file), json: JSON.parse(readFileSync(join(folder, file), 'utf8')) })) : [];

export const boards = () => readJson(join(root, 'dashboards', 'boards'));
// Grafana reads alert rules from JSON as from YAML; JSON needs no parser here.
export const alertFiles = () => readJson(join(root, 'dashboards', 'provisioning', 'alerting'));

// all panels, those folded into a row included
export const panelsOf = (board) => (board.panels ?? []).flatMap((p) => [p, ...(p.panels ?? [])]);
export const isDataPanel = (panel) => !['row', 'text', 'dashlist'].includes(panel.type);
export const variablesOf = (board) => board.templating?.list ?? [];
export const annotationsOf = (board) => (board.annotations?.list ?? []).filter((a) => a.target?.rawSql);

// every query of a board: { where, sql, format, repeat, kind }
export function queriesOf(board) {
  return [
    ...variablesOf(board).filter((v) => v.type === 'query').map((v) => ({ kind: 'variable', where: `variable ${v.name}`, sql: v.query, format: 'table' })),
    ...annotationsOf(board).map((a) => ({ kind: 'annotation', where: `annotation ${a.name}`, sql: a.target.rawSql, format: 'table' })),
    ...panelsOf(board).filter(isDataPanel).flatMap((p) => (p.targets ?? []).map((t) =>
      ({ kind: 'panel', where: `panel ${p.id} "${p.title}" ${t.refId}`, sql: t.rawSql, format: t.format, repeat: p.repeat, mayBeEmpty: mayBeEmpty(p) }))),
  ];
}

// every SQL query of alert rules
export const alertQueriesOf = (json) => (json.groups ?? []).flatMap((g) => (g.rules ?? []).flatMap((r) =>
  (r.data ?? []).filter((d) => d.model?.rawSql).map((d) => ({ kind: 'alert', where: `alert ${r.title} ${d.refId}`, sql: d.model.rawSql, format: 'table' }))));
