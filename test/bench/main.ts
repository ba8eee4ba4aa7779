/**
 * `npm run bench`: measures Outpost against limits and peers in the same run, prints ratios and writes them to
 * docs/performance.md. `npm run bench -- deliveries replies` measures only those; `--quick` measures less of each and
 * writes nothing.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureDeliveries } from './deliveries.ts';
import { measureFootprint } from './footprint.ts';
import type { Row } from './numbers.ts';
import { measurePages } from './pages.ts';
import { measureReplies } from './replies.ts';
import { describeMachine, tableOf, writeBetween } from './report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean' },
    inboxes: { type: 'string' },
    hosts: { type: 'string' },
    runs: { type: 'string' },
  },
});
const quick = values.quick ?? false;
const runs = Number(values.runs ?? (quick ? 1 : 3));
const inboxes = Number(values.inboxes ?? (quick ? 1000 : 5000));
const hosts = Number(values.hosts ?? 250);

const parts: Record<string, () => Promise<Row[]>> = {
  deliveries: () => measureDeliveries({ inboxes, hosts, runs }),
  replies: () => measureReplies({ count: quick ? 2000 : 8000, runs }),
  pages: () => measurePages({ seconds: quick ? 2 : 4, runs }),
  footprint: () => measureFootprint({ runs: quick ? 2 : 5 }),
};
const page = path.resolve(import.meta.dirname, '../../docs/performance.md');
const machine = describeMachine();
const names = positionals.length > 0 ? positionals : Object.keys(parts);
process.stdout.write(`${machine}\n`);

for (const name of names) {
  const measure = parts[name];
  if (!measure) {
    process.stderr.write(`There is no part ${name}; there are ${Object.keys(parts).join(', ')}.\n`);
    process.exit(2);
  }
  const rows = await measure();
  const table = tableOf(rows);
  process.stdout.write(`\n${name}\n${table}\n`);
  if (!quick) {
    const day = new Date().toISOString().slice(0, 10);
    writeBetween(
      page,
      name,
      `\n${table}\n\n\`npm run bench -- ${name}\`, median of ${runs} runs, on ${day}: ${machine}.\n`,
    );
  }
  for (const { what, ratio, wanted } of rows) {
    if (ratio !== null && wanted !== null && ratio < wanted)
      process.stdout.write(`Below its goal: ${what}.\n`);
  }
}
process.exit(0);
