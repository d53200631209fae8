// A driver without a browser, for the tests of the protocol.
import fs from 'node:fs';
import readline from 'node:readline';

const say = (o) => process.stdout.write(JSON.stringify(o) + '\n');
const mode = process.argv[process.argv.indexOf('--out') + 1];
if (mode === 'dies slowly') {
  fs.closeSync(1);
  await new Promise((resolve) => setTimeout(resolve, 200));
}
if (mode.startsWith('dies')) {
  console.error('no display');
  process.exit(1);
}
say({ ready: true, browser: 'chromium', version: '1.2' });
for await (const line of readline.createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  if (mode === 'garbage') process.stdout.write('not json\n');
  else if (mode === 'error') say({ error: 'popup did not open' });
  else if (command.do === 'quit') break;
  else say({ outcome: 'clear', findings: [], ms: { first_paint: 1, verdict: 2 }, args: process.argv.slice(2) });
}
process.exit(0);
