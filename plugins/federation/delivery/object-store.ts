import type { FederationDatabase } from '../context.ts';
import type { ObjectRow } from '../tables.ts';

/** The objects that were announced for a post or comment, or are gone. */
export async function objectsOf(
  db: FederationDatabase,
  kind: ObjectRow['kind'],
  localId: string,
): Promise<ObjectRow[]> {
  return db
    .selectFrom('plugin_federation_objects')
    .selectAll()
    .where('kind', '=', kind)
    .where('local_id', '=', localId)
    .execute();
}

/** What has become of an object of ours; null for what was never announced. */
export async function stateOf(db: FederationDatabase, id: string): Promise<ObjectRow['state'] | null> {
  const row = await db
    .selectFrom('plugin_federation_objects')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.state ?? null;
}

/** Notes that an object is there; tells whether that is news. */
export async function putLiveObject(
  db: FederationDatabase,
  object: Omit<ObjectRow, 'state' | 'gone_at'>,
): Promise<boolean> {
  const row = await db
    .insertInto('plugin_federation_objects')
    .values({ ...object, state: 'live', gone_at: null })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ state: 'live', gone_at: null })
        .where('plugin_federation_objects.state', '=', 'gone'),
    )
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes that an object is gone for good; tells whether that is news. */
export async function putGoneObject(
  db: FederationDatabase,
  object: Omit<ObjectRow, 'state' | 'gone_at'>,
  now: string,
): Promise<boolean> {
  const row = await db
    .insertInto('plugin_federation_objects')
    .values({ ...object, state: 'gone', gone_at: now })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ state: 'gone', gone_at: now })
        .where('plugin_federation_objects.state', '=', 'live'),
    )
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** To whom an object was addressed by name when it was last sent: the ids in its activities, for telling them that it is gone. */
export async function addresseesOf(db: FederationDatabase, objectId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('plugin_federation_activities')
    .select('body')
    .where('object_id', '=', objectId)
    .where('type', 'in', ['Create', 'Update'])
    .orderBy('created_at', 'desc')
    .limit(20)
    .execute();
  const ids = new Set<string>();
  for (const { body } of rows) {
    const { to, cc }: { to?: unknown; cc?: unknown } = JSON.parse(body);
    for (const id of [to, cc].flat()) if (typeof id === 'string') ids.add(id);
  }
  return [...ids];
}
