import { type Kysely, type Migration, sql } from 'outpost/plugin';

/** What deliveries, servers and followers need to be kept in order, held and let go; `tables.ts` says what is in it. */
export const delivery: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await widenDeliveries(db);
    await widenHosts(db);
    await widenFollowers(db);
    await fillIn(db);
  },
};

const text = 'text';
const table = (name: string) => `plugin_federation_${name}`;

async function widenDeliveries(db: Kysely<unknown>): Promise<void> {
  for (const column of ['object_id', 'type', 'reason']) {
    await db.schema.alterTable(table('deliveries')).addColumn(column, text).execute();
  }
  await db.schema
    .alterTable(table('deliveries'))
    .addColumn('maybe_there', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  // Only what waits is looked up by what it is about; what arrived takes no room in here.
  await sql`
    create index plugin_federation_deliveries_chain
    on plugin_federation_deliveries (object_id, inbox, seq)
    where state in ('queued', 'failed')`.execute(db);
}

async function widenHosts(db: Kysely<unknown>): Promise<void> {
  for (const column of ['held_since', 'heard_at', 'back_from', 'hold', 'software_at']) {
    await db.schema.alterTable(table('hosts')).addColumn(column, text).execute();
  }
  await db.schema.alterTable(table('hosts')).addColumn('pace', 'integer').execute();
  await db.schema
    .alterTable(table('hosts'))
    .addColumn('failures', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable(table('host_log'))
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('host', text, (c) => c.notNull())
    .addColumn('at', text, (c) => c.notNull())
    .addColumn('what', text, (c) => c.notNull())
    .addColumn('detail', text)
    .execute();
  await db.schema.createIndex(table('host_log_host')).on(table('host_log')).columns(['host', 'at']).execute();
}

async function widenFollowers(db: Kysely<unknown>): Promise<void> {
  for (const column of ['suspended_at', 'suspended_why']) {
    await db.schema.alterTable(table('followers')).addColumn(column, text).execute();
  }
  await db.schema.createIndex(table('followers_host')).on(table('followers')).column('host').execute();
}

async function fillIn(db: Kysely<unknown>): Promise<void> {
  await sql`
    update plugin_federation_deliveries set
      object_id = (select a.object_id from plugin_federation_activities a where a.id = activity_id),
      type = (select a.type from plugin_federation_activities a where a.id = activity_id)`.execute(db);
  await sql`
    insert into plugin_federation_hosts (host)
    select host from plugin_federation_followers union select host from plugin_federation_deliveries
    where true on conflict (host) do nothing`.execute(db);
  await sql`
    update plugin_federation_followers set
      suspended_why = 'gone',
      suspended_at = coalesce(
        (select a.last_seen_at from plugin_federation_actors a where a.id = actor_id), since)
    where state = 'suspended'`.execute(db);
}
