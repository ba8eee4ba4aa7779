import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { newId } from '../ids.ts';

/** How long a node that says nothing counts as alive, in milliseconds. */
export const nodeSilenceMs = 45_000;

/** When a process started, in the kernel's ticks, so that a number used again is not taken for the same process; empty where the system does not tell. */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return '';
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    // A zombie has ended; only its parent has not noticed yet.
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? '');
  } catch {
    // The process is not there.
    return null;
  }
}

function isAlive(pid: number, started: string): boolean {
  const now = startOf(pid);
  if (now === null) return false;
  if (now !== '') return started === now;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Enters this process as a node that works on the queue, and strikes out those of this machine that have died. */
export async function enterNode(db: Kysely<Schema>, now: string): Promise<string> {
  const host = hostname();
  for (const node of await db.selectFrom('nodes').selectAll().where('host', '=', host).execute()) {
    if (!isAlive(node.pid, node.started)) await db.deleteFrom('nodes').where('id', '=', node.id).execute();
  }
  const id = newId();
  await db
    .insertInto('nodes')
    .values({ id, host, pid: process.pid, started: startOf(process.pid) ?? '', heartbeat_at: now })
    .execute();
  return id;
}

/** Says that this node is alive. */
export async function heartbeat(db: Kysely<Schema>, id: string, now: string): Promise<void> {
  await db.updateTable('nodes').set({ heartbeat_at: now }).where('id', '=', id).execute();
}

/** Strikes this node out; what it held is free at once. */
export async function leaveNode(db: Kysely<Schema>, id: string): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ state: 'queued', claimed_by: null })
    .where('claimed_by', '=', id)
    .execute();
  await db.deleteFrom('nodes').where('id', '=', id).execute();
}
