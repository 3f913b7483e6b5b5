// A small database for the boards' tests: the demo's synthetic country, a year of reports, three months published.
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

const publish = (cube, ...days) => days.forEach((day) => psql(`CALL centre.publish('${cube}', '${day}');`));

export function seed() {
  if (!have('civic_template')) run('tools/layer', ['civic_template']);
  run('tools/layer', ['--copy', database]);
  psql(undefined, '-f', 'demo/catalogue.sql');
  psql(undefined, '-v', 'wards_per_municipality=1', '-f', 'demo/country.sql');
  psql(undefined, '-v', 'reports=2000', '-v', 'seed=1', '-v', 'until=2026-11-01', '-f', 'demo/reports.sql');
  psql(undefined, '-f', 'demo/compare.sql');
  psql(undefined, '-v', `login=${AUDIENCE_LOGINS['pgcivic-provider']}`, '-f', 'dashboards/audience-login.sql');
  psql('CALL centre.tick();');
  psql(undefined, '-v', 'seed=1', '-f', 'demo/wash.sql');
  publish('needs_monthly', '2026-08-01', '2026-09-01', '2026-10-01');
  publish('needs_by_age', '2026-10-01');
  publish('wash_facility', '2025-12-31', '2026-10-31');
  psql(undefined, '-f', 'demo/alarms.sql');
  psql(undefined, '-v', 'scale=0.001', '-v', 'seed=1', '-f', 'demo/workforce.sql');
  psql(undefined, '-f', 'demo/competency.sql');
  psql(undefined, '-f', 'demo/learning.sql');
  // the books say when the tests ran; the ranges of the tests end with the seeded reports
  psql(`UPDATE centre.batch SET opened_at = '2026-10-31 22:00Z', applied_at = '2026-10-31 22:01Z';
        UPDATE centre.tick_log SET started_at = '2026-10-31 22:00Z', finished_at = '2026-10-31 22:01Z';`);
  psql('ANALYZE;');
}
