// Debian's Chromium through playwright-core, which is installed in build/browser; undefined where either is missing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../seed.mjs';

const PROGRAM = '/usr/bin/chromium';
const LIBRARY = join(root, 'build', 'browser', 'node_modules', 'playwright-core', 'index.mjs');

export async function launch() {
  if (!existsSync(PROGRAM) || !existsSync(LIBRARY)) return undefined;
  const { chromium } = await import(pathToFileURL(LIBRARY).href);
  return chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
}
