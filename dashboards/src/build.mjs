// build [FOLDER]: write every board, and the alert rules, as JSON into FOLDER (by default where Grafana looks: boards/ and provisioning/alerting/).
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import access from './access.mjs';
import alarms from './alarms.mjs';
import alerts from './alerts.mjs';
import capacity from './capacity.mjs';
import centre from './centre.mjs';
import demand from './demand.mjs';
import needs from './needs.mjs';
import operations from './operations.mjs';
import provinces from './provinces.mjs';
import wash from './wash.mjs';

const boards = { access, alarms, capacity, centre, demand, needs, operations, provinces, wash };
const ours = (folder) => fileURLToPath(new URL(folder, import.meta.url));
const [boardFolder, alertFolder] = process.argv[2] ? [process.argv[2], process.argv[2]] : [ours('../boards'), ours('../provisioning/alerting')];
const write = (folder, name, content) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}.json`, JSON.stringify(content, null, 2) + '\n');
};
for (const [name, board] of Object.entries(boards)) write(boardFolder, name, board);
write(alertFolder, 'alerts', alerts);
