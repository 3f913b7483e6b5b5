// check ADDRESS FOLDER: the tour of all boards on a running Grafana; screenshots go into FOLDER.  Prints TAP.
import { alertFiles, boards } from '../boards.mjs';
import { ok, plan } from '../tap.mjs';
import { launch } from './chromium.mjs';
import { tour } from './tour.mjs';

const [address, folder] = process.argv.slice(2);
const browser = await launch();
if (!browser) throw new Error('Chromium or playwright-core is missing; run "make check-grafana"');
await tour({
  browser, address, folder, boards: boards().map((b) => b.json),
  ruleTitles: alertFiles().flatMap(({ json }) => json.groups.flatMap((g) => g.rules.map((r) => r.title))),
  check: (text, complaints) => ok(complaints.length === 0, text, complaints),
});
await browser.close();
plan();
