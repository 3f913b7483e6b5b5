// The committed JSON is what dashboards/src gives.  Needs the Foundation SDK from npm; without it the check is skipped aloud.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './seed.mjs';
import { ok, skip } from './tap.mjs';

const source = join(root, 'dashboards');
const work = join(root, 'build', 'boards');
const command = (name, args) => spawnSync(name, args, { cwd: work, encoding: 'utf8', timeout: 120_000 });

// A copy of the sources in build/, with the packages of the lock file; kept while the lock file stays the same.
function install() {
  const lock = readFileSync(join(source, 'package-lock.json'), 'utf8');
  const kept = join(work, 'package-lock.json');
  if (existsSync(join(work, 'node_modules')) && existsSync(kept) && readFileSync(kept, 'utf8') === lock) return undefined;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(source, file), join(work, file));
  const done = command('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=0', '--fetch-timeout=30000']);
  if (!done.error && done.status === 0) return undefined;
  rmSync(work, { recursive: true, force: true });
  return done.error ? `npm does not run (${done.error.code})` : 'npm cannot fetch the packages of dashboards/package-lock.json';
}

// boards and alerts: { file, json, path }, where path is the committed file
export function checkGenerated(committed) {
  const why = install();
  if (why) {
    for (const { file } of committed) skip(`${file} is what dashboards/src gives`, why);
    return;
  }
  rmSync(join(work, 'src'), { recursive: true, force: true });
  cpSync(join(source, 'src'), join(work, 'src'), { recursive: true });
  rmSync(join(work, 'made'), { recursive: true, force: true });
  mkdirSync(join(work, 'made'));
  const done = command('node', ['src/build.mjs', 'made']);
  ok(done.status === 0, 'dashboards/src builds', [done.stderr]);
  for (const { file, path } of committed) {
    const made = join(work, 'made', file);
    ok(existsSync(made) && readFileSync(made, 'utf8') === readFileSync(path, 'utf8'), `${file} is what dashboards/src gives`, ['run "make boards" and commit the result']);
  }
}
