// build [FOLDER]: write every board as JSON into FOLDER (by default dashboards/boards).
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import overview from './overview.mjs';

const boards = { overview };
const folder = process.argv[2] ?? fileURLToPath(new URL('../boards', import.meta.url));
for (const [name, board] of Object.entries(boards)) writeFileSync(`${folder}/${name}.json`, JSON.stringify(board, null, 2) + '\n');
