import path from 'node:path';
import { writeFiles } from '../support/write-plugin.ts';

/** Writes a plugin that uses all that plugins can do, as a stranger would write it; gives its folder. */
export function writeGuestBook(parent: string): string {
  return writeFiles(path.join(parent, 'guest-book'), {
    'plugin.ts': plugin,
    'entries.ts': entries,
    'views/guests.liquid':
      '<p id="count">{{ count }} guests</p><form method="post" action="?do=clear"><input type="hidden" name="csrf" value="{{ csrf }}"></form>',
    'views/line.liquid': '<p class="guest-book">{{ greeting }}</p>',
    'assets/guests.css': '.guest-book { color: teal }',
    'assets/.secret': 'hidden',
  });
}

const entries = `
import type { Migration, PluginDatabase } from 'outpost/plugin';

export type Tables = { plugin_guest_book_entries: { id: string; name: string } };

export const entriesTable: Migration = {
  up: (db) => db.schema.createTable('plugin_guest_book_entries').addColumn('id', 'text').addColumn('name', 'text').execute(),
};

export const listNames = async (db: PluginDatabase<Tables>) =>
  (await db.selectFrom('plugin_guest_book_entries').select('name').orderBy('id').execute()).map((row) => row.name);
`;

const plugin = `
import { definePlugin, InvalidError, z } from 'outpost/plugin';
import { entriesTable, listNames, type Tables } from './entries.ts';

const json = { 'Content-Type': 'application/json' };

export default definePlugin({
  id: 'guest-book',
  name: 'Guest book',
  version: '1.2.3',
  apiVersion: 1,
  description: 'Lets guests leave their names.',
  permissions: ['posts', 'database'],
  settings: z.object({ greeting: z.string().min(1, 'Say something.').default('Welcome <you>').meta({ title: 'Greeting' }) }),
  postFields: z.object({
    mood: z.enum(['calm', 'loud']).default('calm').meta({ title: 'Mood of the day', labels: { loud: 'Very loud' } }),
    seats: z.number().int().max(20, 'There are twenty seats.').default(4).meta({ title: 'Seats' }),
    menu: z.string().max(40, 'The menu may have 40 characters.').default('').meta({ title: 'Menu', format: 'textarea' }),
    isOpen: z.boolean().default(true).meta({ title: 'Guests may come' }),
    hosts: z.array(z.string()).default([]),
  }),
  migrations: { '001-entries': entriesTable },
  actions: {
    'post.published': async ({ postId }, { posts, jobs }) => {
      const post = await posts.find(postId);
      await jobs.add(null, 'sign', { name: \`post \${post?.title}\` });
    },
    'post.updated': async ({ postId }, { jobs, postFields }) => {
      await jobs.add(null, 'sign', { name: \`\${(await postFields(postId)).mood} update\` });
    },
  },
  filters: {
    'page.head': (tags, { subject }, { urls }) =>
      subject.kind === 'post' ? [...tags, { tag: 'link', attributes: { rel: 'stylesheet', href: urls.asset('guests.css') } }] : tags,
    'page.slot': async (parts, { slot }, { settings, views }) =>
      slot === 'post.end' ? [...parts, await views.render('line', await settings.get())] : parts,
  },
  routes: [
    {
      method: 'GET',
      path: '/guests',
      access: 'public',
      handler: async (_request, { database }) => ({ headers: json, body: JSON.stringify(await listNames(database.as<Tables>())) }),
    },
    {
      method: 'POST',
      path: '/guests/:table',
      access: 'public',
      body: { types: ['application/x-www-form-urlencoded'], maxBytes: 1000 },
      async handler({ params, form }, { database, jobs }) {
        if (typeof form.name !== 'string' || form.name === '') throw new InvalidError('guest.name', 'Say who you are.', { name: 'Say who you are.' }, 422);
        const name = \`\${form.name} at \${params.table}\`;
        await database.transaction<Tables, void>((trx) => jobs.add(trx, 'sign', { name }));
        return { status: 202 };
      },
    },
    { method: 'GET', path: '/guests/:id/card', access: 'public', handler: ({ params }) => ({ headers: json, body: JSON.stringify(params) }) },
    { method: 'DELETE', path: '/guests/:name/card', access: 'admin', handler: ({ params, user }) => ({ headers: json, body: JSON.stringify({ ...params, by: user?.username }) }) },
    {
      method: 'GET',
      path: '/guests/:post/table',
      access: 'public',
      handler: async ({ params }, { postFields }) => ({ headers: json, body: JSON.stringify(await postFields(params.post ?? '')) }),
    },
    {
      method: 'GET',
      path: '/guests/welcome',
      access: 'public',
      handler: async (_request, { settings, urls, views }) => ({
        status: 201,
        page: {
          title: 'Come <in>',
          html: await views.render('line', await settings.get()),
          head: [{ tag: 'link', attributes: { rel: 'stylesheet', href: urls.asset('guests.css') } }],
        },
      }),
    },
    { method: 'GET', path: '/guests/bare', access: 'public', handler: () => ({ page: { title: 'Bare', html: '<b>unsafe</b>' as never } }) },
    { method: 'GET', path: '/guests/hidden', access: 'admin', handler: () => ({ headers: json, body: '"for the owner"' }) },
    {
      method: 'GET',
      path: '/guests/parts',
      access: 'public',
      handler: () => ({
        headers: { 'Content-Type': 'text/plain' },
        body: (async function* () {
          yield 'one ';
          yield 'two';
        })(),
      }),
    },
  ],
  representations: [
    {
      of: 'post',
      types: ['text/markdown'],
      async respond(id, _request, { posts }) {
        const post = await posts.find(id);
        return post && { headers: { 'Content-Type': 'text/markdown; charset=utf-8', 'cache-control': 'public', vary: 'Origin' }, body: post.bodyMarkdown };
      },
    },
  ],
  adminPages: [
    {
      path: '',
      title: 'Guests',
      menu: true,
      access: 'admin',
      load: async (_request, { database }) => ({ view: 'guests', data: { count: (await listNames(database.as<Tables>())).length } }),
      deeds: {
        async clear(_request, { database }) {
          await database.as<Tables>().deleteFrom('plugin_guest_book_entries').execute();
          return { notice: 'All names are gone.' };
        },
      },
    },
  ],
  jobs: {
    sign: {
      async handler(payload, { database, newId }) {
        const { name } = z.object({ name: z.string() }).parse(payload);
        await database.as<Tables>().insertInto('plugin_guest_book_entries').values({ id: newId(), name }).execute();
      },
    },
    tick: { handler: async (_payload, { jobs }) => jobs.add(null, 'sign', { name: 'the clock' }, { uniqueKey: 'clock' }) },
  },
  schedules: [{ cron: '* * * * * *', job: 'tick' }],
  commands: [
    {
      name: 'names',
      usage: 'names <table>',
      about: 'who was here',
      options: [{ flags: '--upper', about: 'in capitals' }],
      async run({ args, options, limit }, { database }) {
        if (args[0] === 'nowhere') throw new InvalidError('guest.table', 'There is no table nowhere.');
        const names = (await listNames(database.as<Tables>())).slice(0, limit);
        return names.map((name) => ({ table: args[0], name: options.upper ? name.toUpperCase() : name }));
      },
      next: () => 'Now bake a cake for them.',
    },
  ],
  health: [{ name: 'ink', run: async () => ({ status: 'warning', detail: 'The ink runs low.', remedy: 'Buy some.' }) }],
  failpoints: ['sign.before'],
  assets: 'assets',
  views: 'views',
  service: ({ database }) => ({ names: () => listNames(database.as<Tables>()) }),
});
`;
