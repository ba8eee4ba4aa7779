import { type Kysely, type Migration, PostgresAdapter, sql } from 'outpost/plugin';

/** The tables of the first version, alike on SQLite and PostgreSQL; `tables.ts` says what is in them. */
export const tables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await createActors(db);
    await createOwnObjects(db);
    await createDeliveries(db);
    await createReceived(db);
  },
};

const text = 'text';
const table = (name: string) => `plugin_federation_${name}`;

async function createActors(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable(table('keys'))
    .addColumn('user_id', text, (c) => c.primaryKey())
    .addColumn('public_pem', text, (c) => c.notNull())
    .addColumn('private_sealed', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .execute();

  await db.schema
    .createTable(table('actors'))
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('handle', text)
    .addColumn('handle_key', text)
    .addColumn('handle_checked_at', text)
    .addColumn('preferred_username', text, (c) => c.notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('url', text)
    .addColumn('avatar_url', text)
    .addColumn('inbox', text, (c) => c.notNull())
    .addColumn('shared_inbox', text)
    .addColumn('followers_url', text)
    .addColumn('host', text, (c) => c.notNull())
    .addColumn('keys', text, (c) => c.notNull())
    .addColumn('fetched_at', text, (c) => c.notNull())
    .addColumn('key_fetched_at', text)
    .addColumn('gone_at', text)
    .addColumn('summary_html', text)
    .addColumn('last_seen_at', text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex(table('actors_handle')).on(table('actors')).column('handle_key').execute();
  await db.schema.createIndex(table('actors_host')).on(table('actors')).column('host').execute();

  await db.schema
    .createTable(table('followers'))
    .addColumn('user_id', text, (c) => c.notNull())
    .addColumn('actor_id', text, (c) => c.notNull())
    .addColumn('follow_id', text)
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('inbox', text, (c) => c.notNull())
    .addColumn('host', text, (c) => c.notNull())
    .addColumn('since', text, (c) => c.notNull())
    .addPrimaryKeyConstraint(table('followers_key'), ['user_id', 'actor_id'])
    .execute();
  await db.schema
    .createIndex(table('followers_audience'))
    .on(table('followers'))
    .columns(['user_id', 'state', 'inbox', 'host'])
    .execute();
  await db.schema.createIndex(table('followers_actor')).on(table('followers')).column('actor_id').execute();
  await db.schema.createIndex(table('followers_inbox')).on(table('followers')).column('inbox').execute();
}

async function createOwnObjects(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable(table('objects'))
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('local_id', text, (c) => c.notNull())
    .addColumn('publication', 'integer', (c) => c.notNull())
    .addColumn('user_id', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('gone_at', text)
    .execute();
  await db.schema
    .createIndex(table('objects_local'))
    .on(table('objects'))
    .columns(['kind', 'local_id'])
    .execute();

  await db.schema
    .createTable(table('activities'))
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('object_id', text, (c) => c.notNull())
    .addColumn('user_id', text, (c) => c.notNull())
    .addColumn('post_id', text)
    .addColumn('body', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex(table('activities_object'))
    .on(table('activities'))
    .columns(['object_id', 'type'])
    .execute();
}

async function createDeliveries(db: Kysely<unknown>): Promise<void> {
  // SQLite numbers rows by itself where the key is an integer.
  const sequence = db.getExecutor().adapter instanceof PostgresAdapter ? sql`bigserial` : sql`integer`;
  await db.schema
    .createTable(table('deliveries'))
    .addColumn('seq', sequence, (c) => c.primaryKey())
    .addColumn('id', text, (c) => c.notNull().unique())
    .addColumn('activity_id', text, (c) => c.notNull())
    .addColumn('inbox', text, (c) => c.notNull())
    .addColumn('host', text, (c) => c.notNull())
    .addColumn('user_id', text, (c) => c.notNull())
    .addColumn('post_id', text)
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('next_attempt_at', text, (c) => c.notNull())
    .addColumn('last_status', 'integer')
    .addColumn('last_error', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('delivered_at', text)
    .addUniqueConstraint(table('deliveries_once'), ['activity_id', 'inbox'])
    .execute();
  await db.schema
    .createIndex(table('deliveries_due'))
    .on(table('deliveries'))
    .columns(['host', 'state', 'next_attempt_at'])
    .execute();
  await db.schema
    .createIndex(table('deliveries_post'))
    .on(table('deliveries'))
    .columns(['post_id', 'state'])
    .execute();

  await db.schema
    .createTable(table('hosts'))
    .addColumn('host', text, (c) => c.primaryKey())
    .addColumn('software', text)
    .addColumn('scheme', text)
    .addColumn('last_success_at', text)
    .addColumn('last_error_at', text)
    .addColumn('last_error', text)
    .addColumn('failing_since', text)
    .addColumn('not_before', text)
    .execute();
}

async function createReceived(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable(table('inbox'))
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('digest', text, (c) => c.notNull())
    .addColumn('actor_id', text, (c) => c.notNull())
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('object_id', text)
    .addColumn('received_at', text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex(table('inbox_received')).on(table('inbox')).column('received_at').execute();

  await db.schema
    .createTable(table('gone'))
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('actor_id', text, (c) => c.notNull())
    .addColumn('at', text, (c) => c.notNull())
    .execute();

  await db.schema
    .createTable(table('mentions'))
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('user_id', text, (c) => c.notNull())
    .addColumn('object_id', text, (c) => c.notNull())
    .addColumn('actor_id', text, (c) => c.notNull())
    .addColumn('visibility', text, (c) => c.notNull())
    .addColumn('html', text, (c) => c.notNull())
    .addColumn('text', text, (c) => c.notNull())
    .addColumn('url', text)
    .addColumn('in_reply_to', text)
    .addColumn('post_id', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('read_at', text)
    .addUniqueConstraint(table('mentions_once'), ['user_id', 'object_id'])
    .execute();
  await db.schema.createIndex(table('mentions_actor')).on(table('mentions')).column('actor_id').execute();

  await db.schema
    .createTable(table('blocks'))
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('value', text, (c) => c.notNull().unique())
    .addColumn('level', text, (c) => c.notNull())
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .execute();

  await db.schema
    .createTable(table('notices'))
    .addColumn('user_id', text, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('until', text, (c) => c.notNull())
    .addPrimaryKeyConstraint(table('notices_key'), ['user_id', 'kind'])
    .execute();
}
