import { sql } from 'kysely';
import type { App } from '../../src/app.ts';

const tables = [
  'comments',
  'reactions',
  'jobs',
  'media',
  'posts',
  'users',
  'plugin_federation_actors',
  'plugin_federation_followers',
  'plugin_federation_inbox',
  'plugin_federation_mentions',
  'plugin_federation_gone',
  'plugin_federation_activities',
  'plugin_federation_deliveries',
  'plugin_federation_blocks',
] as const;

/** Everything that is stored and that a stranger could change, row by row, to be compared with what it was before. */
export async function footprintOf(app: App): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const table of tables) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(
      app.deps.db,
    );
    // Jobs that the blog's own clock has made say nothing about who knocked.
    const kept = table === 'jobs' ? rows.filter(({ kind }) => isOfStranger(kind)) : rows;
    found[table] = kept.map(withoutDates);
  }
  return found;
}

/** When something was last looked at is no change of it. */
function withoutDates(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => !name.endsWith('_at') || name === 'gone_at'),
  );
}

function isOfStranger(kind: unknown): boolean {
  return typeof kind === 'string' && /inbox|deliver|comment/.test(kind);
}

/**
 * The time of the processor that some work takes in this process, where the blog runs as well, in milliseconds. Unlike a
 * clock on the wall it does not grow when others use the machine.
 */
export async function processorMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
