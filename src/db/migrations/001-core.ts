import { type Kysely, PostgresAdapter, sql } from 'kysely';

/** The tables of the first version. Written so that SQLite and PostgreSQL read them alike. */
export const coreTables = {
  async up(db: Kysely<unknown>): Promise<void> {
    const text = 'text';
    // SQLite numbers rows by itself where the key is an integer.
    const sequence = db.getExecutor().adapter instanceof PostgresAdapter ? sql`bigserial` : sql`integer`;

    await db.schema
      .createTable('settings')
      .addColumn('key', text, (c) => c.primaryKey())
      .addColumn('value', text, (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('users')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('username', text, (c) => c.notNull())
      .addColumn('username_key', text, (c) => c.notNull().unique())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('email', text, (c) => c.notNull())
      .addColumn('email_key', text, (c) => c.notNull().unique())
      .addColumn('password_hash', text, (c) => c.notNull())
      .addColumn('role', text, (c) => c.notNull())
      .addColumn('bio', text, (c) => c.notNull())
      .addColumn('avatar_id', text)
      .addColumn('header_id', text)
      .addColumn('links', text, (c) => c.notNull())
      .addColumn('disabled', 'integer', (c) => c.notNull())
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('updated_at', text, (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('sessions')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('user_id', text, (c) => c.notNull().references('users.id').onDelete('cascade'))
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('expires_at', text, (c) => c.notNull())
      .addColumn('last_seen_at', text, (c) => c.notNull())
      .addColumn('user_agent', text, (c) => c.notNull())
      .execute();
    await db.schema.createIndex('sessions_user').on('sessions').column('user_id').execute();

    await db.schema
      .createTable('posts')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('type', text, (c) => c.notNull())
      .addColumn('status', text, (c) => c.notNull())
      .addColumn('slug', text, (c) => c.notNull().unique())
      .addColumn('title', text, (c) => c.notNull())
      .addColumn('body_markdown', text, (c) => c.notNull())
      .addColumn('excerpt', text, (c) => c.notNull())
      .addColumn('author_id', text, (c) => c.notNull().references('users.id'))
      .addColumn('image_id', text)
      .addColumn('language', text)
      .addColumn('comments_open', 'integer', (c) => c.notNull())
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('updated_at', text, (c) => c.notNull())
      .addColumn('published_at', text)
      .addColumn('scheduled_at', text)
      .addColumn('publication', 'integer', (c) => c.notNull())
      .addColumn('status_before_trash', text)
      .addColumn('version', 'integer', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('posts_stream')
      .on('posts')
      .columns(['type', 'status', 'published_at', 'id'])
      .execute();
    await db.schema
      .createIndex('posts_author')
      .on('posts')
      .columns(['author_id', 'status', 'published_at'])
      .execute();

    await db.schema
      .createTable('old_slugs')
      .addColumn('slug', text, (c) => c.primaryKey())
      .addColumn('post_id', text, (c) => c.notNull().references('posts.id').onDelete('cascade'))
      .addColumn('created_at', text, (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('autosaves')
      .addColumn('post_id', text, (c) => c.notNull().references('posts.id').onDelete('cascade'))
      .addColumn('user_id', text, (c) => c.notNull().references('users.id').onDelete('cascade'))
      .addColumn('content', text, (c) => c.notNull())
      .addColumn('base_version', 'integer', (c) => c.notNull())
      .addColumn('saved_at', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('autosaves_key', ['post_id', 'user_id'])
      .execute();

    await db.schema
      .createTable('terms')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('kind', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('slug', text, (c) => c.notNull())
      .addUniqueConstraint('terms_slug', ['kind', 'slug'])
      .execute();
    await db.schema
      .createTable('post_terms')
      .addColumn('post_id', text, (c) => c.notNull().references('posts.id').onDelete('cascade'))
      .addColumn('term_id', text, (c) => c.notNull().references('terms.id').onDelete('cascade'))
      .addColumn('position', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('post_terms_key', ['post_id', 'term_id'])
      .execute();
    await db.schema.createIndex('post_terms_term').on('post_terms').columns(['term_id', 'post_id']).execute();

    await db.schema
      .createTable('media')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('file', text, (c) => c.notNull().unique())
      .addColumn('mime_type', text, (c) => c.notNull())
      .addColumn('width', 'integer')
      .addColumn('height', 'integer')
      .addColumn('size', 'integer', (c) => c.notNull())
      .addColumn('alt', text, (c) => c.notNull())
      .addColumn('variants', text, (c) => c.notNull())
      .addColumn('placeholder', text)
      .addColumn('user_id', text)
      .addColumn('created_at', text, (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('comments')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('post_id', text, (c) => c.notNull().references('posts.id').onDelete('cascade'))
      .addColumn('parent_id', text)
      .addColumn('status', text, (c) => c.notNull())
      .addColumn('source', text, (c) => c.notNull())
      .addColumn('author_name', text, (c) => c.notNull())
      .addColumn('author_url', text)
      .addColumn('author_handle', text)
      .addColumn('author_avatar_url', text)
      .addColumn('author_user_id', text)
      .addColumn('author_email', text)
      .addColumn('html', text, (c) => c.notNull())
      .addColumn('text', text, (c) => c.notNull())
      .addColumn('raw', text, (c) => c.notNull())
      .addColumn('external_id', text)
      .addColumn('external_url', text)
      .addColumn('external_author_id', text)
      .addColumn('language', text)
      .addColumn('note', text)
      .addColumn('status_before', text)
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('updated_at', text, (c) => c.notNull())
      .addUniqueConstraint('comments_external', ['source', 'external_id'])
      .execute();
    await db.schema
      .createIndex('comments_thread')
      .on('comments')
      .columns(['post_id', 'status', 'created_at'])
      .execute();
    await db.schema.createIndex('comments_queue').on('comments').columns(['status', 'id']).execute();
    await db.schema
      .createIndex('comments_author')
      .on('comments')
      .columns(['source', 'external_author_id'])
      .execute();
    for (const column of ['author_email', 'author_user_id'])
      await sql`create index ${sql.ref(`comments_${column}`)} on comments (${sql.ref(column)}) where ${sql.ref(column)} is not null`.execute(
        db,
      );

    await db.schema
      .createTable('reactions')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('post_id', text, (c) => c.notNull().references('posts.id').onDelete('cascade'))
      .addColumn('kind', text, (c) => c.notNull())
      .addColumn('source', text, (c) => c.notNull())
      .addColumn('actor_id', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('handle', text)
      .addColumn('url', text)
      .addColumn('avatar_url', text)
      .addColumn('external_id', text)
      .addColumn('emoji', text)
      .addColumn('created_at', text, (c) => c.notNull())
      .addUniqueConstraint('reactions_once', ['post_id', 'kind', 'source', 'actor_id'])
      .execute();
    await db.schema
      .createIndex('reactions_external')
      .on('reactions')
      .columns(['source', 'external_id'])
      .execute();
    await db.schema.createIndex('reactions_actor').on('reactions').columns(['source', 'actor_id']).execute();

    await db.schema
      .createTable('jobs')
      .addColumn('seq', sequence, (c) => c.primaryKey())
      .addColumn('id', text, (c) => c.notNull().unique())
      .addColumn('kind', text, (c) => c.notNull())
      .addColumn('payload', text, (c) => c.notNull())
      .addColumn('subject', text)
      .addColumn('unique_key', text)
      .addColumn('state', text, (c) => c.notNull())
      .addColumn('run_at', text, (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('max_attempts', 'integer', (c) => c.notNull())
      .addColumn('claimed_by', text)
      .addColumn('run_again', 'integer', (c) => c.notNull())
      .addColumn('last_error', text)
      .addColumn('created_at', text, (c) => c.notNull())
      .execute();
    await db.schema.createIndex('jobs_due').on('jobs').columns(['state', 'kind', 'run_at', 'seq']).execute();
    await db.schema.createIndex('jobs_subject').on('jobs').columns(['kind', 'subject', 'seq']).execute();
    await sql`create unique index jobs_unique on jobs (kind, unique_key) where state <> 'dead'`.execute(db);

    await db.schema
      .createTable('nodes')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('host', text, (c) => c.notNull())
      .addColumn('pid', 'integer', (c) => c.notNull())
      .addColumn('started', text, (c) => c.notNull())
      .addColumn('heartbeat_at', text, (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('counters')
      .addColumn('name', text, (c) => c.primaryKey())
      .addColumn('value', 'integer', (c) => c.notNull())
      .addColumn('changed_at', text, (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('plugins')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('error', text)
      .addColumn('changed_at', text, (c) => c.notNull())
      .execute();
  },
};
