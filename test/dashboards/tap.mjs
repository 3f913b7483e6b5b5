// Test Anything Protocol, as much of it as is needed here.
let count = 0;

export function ok(good, name, details = []) {
  count++;
  console.log(`${good ? 'ok' : 'not ok'} ${count} - ${name.replaceAll('#', '')}`);
  if (good) return;
  process.exitCode = 1;
  for (const line of details) console.log(`#   ${line}`);
}

export const is = (got, want, name) => ok(got === want, name, [`got  ${got}`, `want ${want}`]);

export function throws(f, pattern, name) {
  try {
    f();
    ok(false, name, ['nothing was thrown']);
  } catch (e) {
    ok(pattern.test(e.message), name, [e.message]);
  }
}

export const skip = (name, why) => console.log(`ok ${++count} - ${name.replaceAll('#', '')} # SKIP ${why}`);

export const plan = () => console.log(`1..${count}`);
