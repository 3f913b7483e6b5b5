// The map files a board names: dashboards/export-maps writes each of them, and its ids are what the map's query gives.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { panelsOf } from './boards.mjs';
import { database, root, run } from './seed.mjs';
import { ok } from './tap.mjs';

const MAX_BYTES = 3_000_000;
const folder = 'build/maps';

export async function checkMaps(boards, client) {
  run('dashboards/export-maps', [database, folder]);
  const layers = boards.flatMap((b) => panelsOf(b)).filter((p) => p.type === 'geomap').flatMap((p) => p.options.layers);
  const files = new Set(layers.map((l) => l.config.src.replace('public/maps/', '')));
  for (const file of files) {
    const path = join(root, folder, file);
    if (!existsSync(path)) { ok(false, `${file} is exported`, [`export-maps does not write ${file}`]); continue; }
    const bytes = readFileSync(path);
    const ids = JSON.parse(bytes).features.map((f) => f.id).sort();
    const { rows } = await client.query(`SELECT DISTINCT code FROM dash.area WHERE level = '${file.replace('.geojson', '')}'`);
    ok(ids.length > 0 && ids.join() === rows.map((r) => r[0]).sort().join(), `${file} has an outline for each area of dash.area: ${ids.length}`);
    ok(bytes.length < MAX_BYTES, `${file} is under ${MAX_BYTES} bytes: ${bytes.length}`);
  }
  ok(existsSync(join(root, folder, 'blank.png')), 'the blank base map is exported beside them');
}
