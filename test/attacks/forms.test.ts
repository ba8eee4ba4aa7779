import { beforeAll, describe, expect, test } from 'vitest';
import { ownerLogin } from '../../src/plugin-host/testing.ts';
import { schedulePost, trashPost, unpublishPost } from '../../src/posts/publish-post.ts';
import { createPost, updatePost } from '../../src/posts/write-post.ts';
import { createUser } from '../../src/users/accounts.ts';
import { type Client, createClient } from '../support/create-test-app.ts';
import { footprintOf, processorMs } from './footprint.ts';
import { liveMarkupIn } from './live-markup.ts';
import { shareAttackedBlog } from './open-blog.ts';
import { sendRaw } from './send-raw.ts';

const blog = shareAttackedBlog();
let post: { url: string; post: { id: string; slug: string } };
let admin: Client;
let cookie: string;
let csrf: string;
let token: string;

beforeAll(async () => {
  post = await blog().publish({ title: 'Talk', bodyMarkdown: 'Words.' });
  admin = createClient(blog().url);
  const answer = await admin.post('/login', { login: ownerLogin.username, password: ownerLogin.password });
  cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  csrf = await admin.csrf();
  token = /name="form_token" value="([^"]+)"/.exec(await (await fetch(post.url)).text())?.[1] ?? '';
  blog().advance(30);
});

let address = 0;
/** Comes from an address of its own each time, so that limits by address do not meet in what is no test of them. */
function send(
  fields: Record<string, string>,
  headers: Record<string, string> = {},
  path = `/${post.post.slug}/comments`,
) {
  address += 1;
  const from = { 'x-forwarded-for': `198.18.${address >> 8}.${address & 255}` };
  return createClient(blog().url).post(
    path,
    { form_token: token, name: 'Ruth', text: 'Words.', ...fields },
    { ...from, ...headers },
  );
}
const stored = () => blog().app.deps.db.selectFrom('comments').selectAll().orderBy('id', 'desc').execute();

describe('the form for comments', () => {
  test.each([
    ['W01 no token', { form_token: '' }, {}],
    ['W01 a wrong token', { form_token: 'abc.def' }, {}],
    ['W01 another origin', {}, { origin: 'https://evil.example' }],
    ['W01 an origin that is none', {}, { origin: 'null' }],
    ['W01 a cross-site fetch', {}, { 'sec-fetch-site': 'cross-site' }],
    ['W01 a same-site fetch from a subdomain', {}, { 'sec-fetch-site': 'same-site' }],
  ] as [string, Record<string, string>, Record<string, string>][])(
    '%s is answered 403 and stores nothing',
    async (_what, fields, headers) => {
      const before = await footprintOf(blog().app);
      expect((await send(fields, headers)).status).toBe(403);
      expect(await footprintOf(blog().app)).toEqual(before);
    },
  );

  test('W04 markup in every field is dead in the queue, on the page and in the list of the command line', async () => {
    const markup = '"><x-pwned onclick=x()><script>alert(1)</script>';
    const fields = {
      name: markup,
      email: '"<x-pwned>"@evil.example',
      url: 'https://evil.example/"><x-pwned>',
      text: `${markup} {{ 7 | times: 7 }}`,
    };
    const answer = await send(fields, { 'user-agent': markup, referer: `${blog().url}/${markup}` });
    expect([303, 422]).toContain(answer.status);
    expect(liveMarkupIn(await answer.text(), blog().url)).toEqual([]);
    expect((await send({ ...fields, email: '' })).status).toBe(303);
    for (const path of ['/admin', '/admin/comments', '/admin/comments?search=x-pwned']) {
      const page = await admin.page(path);
      expect(liveMarkupIn(page, blog().url), path).toEqual([]);
    }
    expect(await admin.page('/admin/comments')).toContain('{{ 7 | times: 7 }}');
  });

  test('W06 who claims to be the author, by name, address or handle, is a guest who waits', async () => {
    for (const fields of [
      { name: 'Alice Writer', email: ownerLogin.email },
      { name: '@alice@localhost', url: `${blog().url}/author/alice` },
      {
        name: '@bob@good.example',
        url: 'https://good.example/@bob',
        author_user_id: blog().owner.id,
        authorUserId: blog().owner.id,
        status: 'approved',
        source: 'fediverse',
        approved: '1',
      },
    ])
      expect((await send(fields as unknown as Record<string, string>)).status).toBe(303);
    for (const row of (await stored()).slice(0, 3))
      expect(row).toMatchObject({
        status: 'pending',
        author_user_id: null,
        author_handle: null,
        source: 'web',
        external_id: null,
      });
  });

  test('W07 posts that take none answer 404 or 403, and those that are not public like those that never were', async () => {
    const { app, owner } = blog();
    const { deps } = app;
    const write = (slug: string) =>
      createPost(deps, { authorId: owner.id, title: slug, slug, bodyMarkdown: 'x' });
    const draft = await write('w07-draft');
    const scheduled = await schedulePost(
      deps,
      (await write('w07-scheduled')).id,
      new Date(Date.now() + 86_400_000),
    );
    const hidden = await write('w07-private');
    await deps.db.updateTable('posts').set({ status: 'private' }).where('id', '=', hidden.id).execute();
    const trashed = await trashPost(deps, (await blog().publish({ title: 'x', slug: 'w07-trash' })).post.id);
    const back = await unpublishPost(deps, (await blog().publish({ title: 'x', slug: 'w07-back' })).post.id);
    const before = await stored();
    const never = await send({}, {}, '/w07-never/comments');
    const text = await never.text();
    expect(never.status).toBe(404);
    for (const { slug } of [draft, scheduled, hidden, { slug: 'w07-trash' }, back]) {
      const answer = await send({}, {}, `/${slug}/comments`);
      expect(answer.status, slug).toBe(404);
      expect(await answer.text(), slug).toBe(text);
    }
    const closed = (await blog().publish({ title: 'x', slug: 'w07-closed' })).post;
    await updatePost(deps, closed.id, { commentsOpen: false });
    expect((await send({}, {}, '/w07-closed/comments')).status).toBe(403);
    expect(await stored()).toEqual(before);
    expect(trashed.status).toBe('trash');
  });

  test.each([
    ['a honeypot', { subject: 'x' }, 303, 'spam'],
    ['thirty links', { text: 'https://x.example/ '.repeat(30) }, 303, 'spam'],
    ['no text', { text: '' }, 422, null],
    ['blanks', { text: ' \n\u200b\u00a0 ' }, 422, null],
    ['65 KiB', { text: 'x'.repeat(66_600) }, 422, null],
    ['300 KiB', { text: 'x'.repeat(300_000) }, 413, null],
    ['a thousand line breaks', { text: `a${'\n\n'.repeat(1000)}b` }, 303, 'pending'],
    ['what a slow reader wrote', { text: 'Thank you.' }, 303, 'pending'],
  ] as [string, Record<string, string>, number, string | null][])(
    'W08 %s',
    async (_what, fields, status, state) => {
      const before = (await stored()).length;
      const answer = await send(fields);
      expect(answer.status).toBe(status);
      const rows = await stored();
      expect(rows.length - before).toBe(state === null ? 0 : 1);
      if (state !== null) expect(rows[0]?.status).toBe(state);
    },
  );

  test('W08 the same text again and again from one reader is stopped', async () => {
    const statuses: number[] = [];
    for (let time = 0; time < 20; time += 1)
      statuses.push((await send({ text: 'Buy this.' }, { 'x-forwarded-for': '192.0.2.44' })).status);
    expect(statuses.slice(5)).toEqual(Array(15).fill(429));
  });

  test.each([
    ['JSON', 'application/json', '{}'],
    ['text', 'text/plain', 'text=x'],
    ['multipart', 'multipart/form-data; boundary=x', '--x--'],
  ])('W01 %s is no form', async (_what, type, body) => {
    const answer = await sendRaw(`${post.url}/comments`, { lines: [['Content-Type', type]], body });
    expect(answer.status).toBe(415);
  });

  test('W25 a form of 100,000 fields is refused at once', async () => {
    const body = Array.from({ length: 60_000 }, (_, index) => `a${index % 10}=`).join('&');
    let status = 0;
    const took = await processorMs(async () => {
      const lines = [['Content-Type', 'application/x-www-form-urlencoded']] as const;
      status = (await sendRaw(`${post.url}/comments`, { lines, body })).status;
    });
    expect([400, 413]).toContain(status);
    expect(took).toBeLessThan(1000);
  });

  test('C36, S26 a search for signs of patterns finds nothing and takes no time', async () => {
    for (const words of [
      '%',
      '_',
      '%'.repeat(50_000),
      '\\',
      "' or 1=1 --",
      '%_%_'.repeat(5000),
      '"'.repeat(5000),
    ]) {
      let answer: { status: number; text: string } = { status: 0, text: '' };
      const took = await processorMs(async () => {
        answer = await sendRaw(`${blog().url}/search?q=${encodeURIComponent(words).slice(0, 15_000)}`, {
          method: 'GET',
          lines: [
            ['Accept', 'text/html'],
            ['X-Forwarded-For', '192.0.2.9'],
          ],
        });
      });
      expect(answer.status, words.slice(0, 20)).toBeLessThan(500);
      expect(took).toBeLessThan(1000);
    }
  });
});

describe('W02 the admin', () => {
  const deeds = [
    '/admin/posts',
    '/admin/settings',
    '/admin/users',
    '/admin/media',
    '/admin/comments',
    '/admin/plugins/federation/disable',
    '/admin/federation/blocks?do=add',
    '/admin/profile',
    '/logout',
  ];

  test.each(deeds)('%s does nothing for a form that another site sends, in whatever form', async (path) => {
    const before = await footprintOf(blog().app);
    const types: [string, string][] = [
      ['application/x-www-form-urlencoded', `title=x&csrf=`],
      ['text/plain', `csrf=${csrf}`],
      [
        'multipart/form-data; boundary=x',
        `--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\r\n--x--\r\n`,
      ],
      ['application/json', JSON.stringify({ csrf })],
    ];
    const origins: [string, string][][] = [
      [],
      [['Origin', 'https://evil.example']],
      [['Origin', 'null']],
      [['Sec-Fetch-Site', 'cross-site']],
      [['Sec-Fetch-Site', 'same-site']],
    ];
    for (const [type, body] of types)
      for (const origin of origins) {
        const answer = await sendRaw(`${blog().url}${path}`, {
          lines: [['Content-Type', type], ['Cookie', cookie], ['Accept', 'text/html'], ...origin],
          body,
        });
        expect([403, 404, 415], `${path} ${type} ${origin}`).toContain(answer.status);
      }
    const good: [string, string][] = [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Cookie', cookie],
    ];
    const foreign = await sendRaw(`${blog().url}${path}`, {
      lines: [...good, ['Sec-Fetch-Site', 'cross-site']],
      body: `csrf=${csrf}`,
    });
    expect(foreign.status).toBe(403);
    expect(await footprintOf(blog().app)).toEqual(before);
    expect((await admin.get('/admin')).status).toBe(200);
  });

  test('no GET that a page of the admin links to changes anything', async () => {
    const { url, app } = blog();
    const seen = new Set([
      '/admin',
      '/admin/comments',
      '/admin/posts',
      '/admin/plugins',
      '/admin/users',
      '/admin/profile',
      '/admin/federation',
    ]);
    const before = await footprintOf(app);
    for (const path of seen) {
      if (seen.size > 60) break;
      const answer = await admin.get(path);
      expect(answer.status, path).toBeLessThan(500);
      if (!answer.headers.get('content-type')?.includes('html')) continue;
      for (const [, href = ''] of (await answer.text()).matchAll(/(?:href|action|formaction)="([^"]+)"/g)) {
        const found = URL.parse(href.replaceAll('&amp;', '&'), url);
        if (found?.origin === url && found.pathname.startsWith('/admin'))
          seen.add(found.pathname + found.search);
      }
    }
    for (const path of ['/logout', '/admin/comments/deeds?do=approve']) await admin.get(path);
    expect(await footprintOf(app)).toEqual(before);
    expect((await admin.get('/admin')).status).toBe(200);
  });

  test('W28 fields that a form does not have change nothing', async () => {
    const { app } = blog();
    const eve = await createUser(app.deps, {
      username: 'eve',
      email: 'eve@blog.example',
      password: 'correct horse battery',
      role: 'contributor',
    });
    const client = createClient(blog().url);
    await client.post('/login', { login: 'eve', password: 'correct horse battery' });
    const extra = {
      role: 'admin',
      is_admin: '1',
      disabled: '0',
      id: blog().owner.id,
      username: 'alice2',
      password_hash: 'x',
      passwordHash: 'x',
      created_at: '2000',
      authorId: blog().owner.id,
      author_id: blog().owner.id,
      status: 'published',
      intent: 'publish',
      publishedAt: '2000-01-01',
      type: 'page',
    };
    await client.post('/admin/profile', { name: 'Eve', email: 'eve@blog.example', bio: '', ...extra });
    const made = await client.post('/admin/posts', { title: 'Mine', bodyMarkdown: 'x', ...extra });
    expect(made.status).toBeLessThan(500);
    expect(
      await app.deps.db.selectFrom('users').selectAll().where('id', '=', eve.id).executeTakeFirst(),
    ).toMatchObject({ username: 'eve', role: 'contributor' });
    const posts = await app.deps.db.selectFrom('posts').selectAll().where('title', '=', 'Mine').execute();
    for (const one of posts) expect(one).toMatchObject({ author_id: eve.id, status: 'draft', type: 'post' });
  });
});
