// A small database for the boards' tests: a copy of the demo's, with a small synthetic country.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const database = 'civic_boards';

// Data source -> login.  The provider's is made as a site makes it.
export const AUDIENCE_LOGINS = { pgcivic: 'civic_reader', 'pgcivic-provider': 'boards_provider' };

// run COMMAND with ARGS at the checkout's root; throws with the command's own words when it fails
export function run(command, args, input) {
  const done = spawnSync(command, args, { cwd: root, input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.error || done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.error ?? done.stderr}`);
  return done.stdout;
}

export const psql = (input, ...args) => run('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', database, ...args], input);

const have = (name) => run('psql', ['-X', '-At', '-d', 'postgres', '-c', `SELECT count(*) FROM pg_database WHERE datname = '${name}'`]).trim() !== '0';

export function seed() {
  // in make test the test of the demo has made it
  if (!process.env.CIVIC_INSTALLED || !have('civic_demo')) run('tools/demo', ['--here', '--reports', '3000', '--wards', '1', '--months', '4', '--scale', '0.0005']);
  run('dropdb', ['--if-exists', '--force', database]);
  run('createdb', ['-T', 'civic_demo', database]);
  psql(undefined, '-v', `login=${AUDIENCE_LOGINS['pgcivic-provider']}`, '-f', 'dashboards/audience-login.sql');
  // the books say when the tests ran; the ranges of the tests end with the seeded reports
  psql(`UPDATE centre.batch SET opened_at = '2026-10-31 22:00Z', applied_at = '2026-10-31 22:01Z';
        UPDATE centre.tick_log SET started_at = '2026-10-31 22:00Z', finished_at = '2026-10-31 22:01Z';`);
  psql('ANALYZE centre.release, centre.release_cell, centre.release_row, centre.released_baseline, centre.completeness, centre.batch, centre.tick_log;');
}
