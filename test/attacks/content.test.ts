import RssParser from 'rss-parser';
import { beforeAll, describe, expect, test } from 'vitest';
import { listComments } from '../../src/comments/comment-store.ts';
import { moderateComments } from '../../src/comments/moderate-comments.ts';
import { ownerLogin } from '../../src/plugin-host/testing.ts';
import { updateProfile } from '../../src/users/accounts.ts';
import { type Client, createClient } from '../support/create-test-app.ts';
import { dangersIn } from '../support/dangers-in-html.ts';
import type { Json } from '../support/remote-peer.ts';
import { liveMarkupIn } from './live-markup.ts';
import { activityOf, commentOf as findCommentOf, noteOf, shareAttackedBlog } from './open-blog.ts';
import { sendSigned } from './send-raw.ts';
import type { WildActor } from './wild-peer.ts';

const blog = shareAttackedBlog();
let post: { id: string; url: string; post: { id: string; slug: string } };
let admin: Client;
let bob: WildActor;

beforeAll(async () => {
  post = await blog().publish({ title: 'A subject', bodyMarkdown: 'Words.', tags: ['things'] });
  bob = blog().good.actor('bob');
  admin = createClient(blog().url);
  await admin.post('/login', { login: ownerLogin.username, password: ownerLogin.password });
});

const commentOf = (note: Json) => findCommentOf(blog(), note);

async function tell(actor: WildActor, activity: Json): Promise<void> {
  expect((await sendSigned(blog().url, actor, activity)).status).toBe(202);
  await blog().idle();
}

/** Every place in which a stranger's words are shown, as what they are shown. */
async function places(): Promise<[string, string][]> {
  const paths = [
    `/${post.post.slug}`,
    '/',
    '/search?q=subject',
    '/admin',
    '/admin/comments',
    '/admin/comments?status=approved',
    '/admin/comments?status=all',
    '/admin/plugins',
    '/admin/federation',
    '/admin/federation/messages',
    '/admin/federation/servers',
    '/admin/federation/blocks',
    '/admin/federation/deliveries',
    `/admin/federation/deliveries/${post.post.id}`,
    `/admin/federation/posts/${post.post.id}`,
    `/admin/posts/${post.post.id}`,
  ];
  const pages: [string, string][] = [];
  for (const path of paths) {
    const answer = await admin.get(path);
    expect(answer.status, path).toBe(200);
    pages.push([path, await answer.text()]);
  }
  return pages;
}

const vectors: [string, string][] = [
  ['C01 a script', '<script><x-pwned></script><x-pwned>'],
  [
    'C01 handlers',
    '<p onclick="x()" x-pwned>a</p><img src=x onerror=alert(1)><b onfocus=alert(1) autofocus tabindex=1>b</b>',
  ],
  [
    'C03 raw text',
    '<xmp><x-pwned></xmp><noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript><textarea></textarea><plaintext><x-pwned>',
  ],
  [
    'C03 foreign markup',
    '<svg><style><img src=x onerror=alert(1)></style></svg><math><mtext><table><mglyph><style><!--</style><img src=x onerror=alert(1)>',
  ],
  [
    'C05 schemes',
    '<a href="javascript:alert(1)">a</a><a href="JaVaScRiPt:alert(1)">b</a><a href="java\tscript:alert(1)">c</a><a href="&#106;avascript:alert(1)">d</a><a href="data:text/html,<script>1</script>">e</a><a href="vbscript:x">f</a><a href=" javascript:1">g</a>',
  ],
  [
    'C08 forms',
    '<form action="https://evil.example/"><input name=p><button formaction="https://evil.example/">x</button></form><meta http-equiv=refresh content="0;url=https://evil.example"><base href="https://evil.example/"><object data=x></object><embed src=x><link rel=stylesheet href=x>',
  ],
  [
    'C09 frames',
    '<iframe src="https://evil.example/"></iframe><iframe srcdoc="<script>1</script>"></iframe><video autoplay onloadstart=alert(1) src=x></video>',
  ],
  ['C12 quotes', '"><x-pwned>\'><x-pwned>--><x-pwned>]]><x-pwned>'],
  ['C24 a template', '<p>{{ 7 | times: 7 }} {% render "secret" %} {{ site.secret }} {%- raw -%}</p>'],
];

const names: [string, string][] = [
  ['C10 a picture', '<img src=x onerror=alert(1)>'],
  ['C10 a closed link', '</a><script>alert(1)</script><x-pwned>'],
  ['C10 an attribute', '" onmouseover="alert(1)" x-pwned="'],
  ['C24 a template', '{{ 7 | times: 7 }}{% include "x" %}'],
  ['C10 10 KiB', 'n'.repeat(10_240)],
  ['C10 spaces', '   \u00a0\u2003 '],
  ['C15 marks that turn', '\u202egnp.exe\u2066 \u202d'],
  ['C16 controls', 'a\u0000b\u0007\ud800\r\nSubject: x'],
  ['C33 piled-up marks', `z${'\u0301'.repeat(3000)}`],
  ['C33 what cannot be seen', '\u200b'.repeat(500)],
];

describe('what strangers write is dead wherever it is shown', () => {
  const notes = new Map<string, Json>();
  const strangers = new Map<string, Json>();
  const pages: [string, string][] = [];

  beforeAll(async () => {
    for (const [name, markup] of vectors) notes.set(name, await sayWith(markup));
    for (const [name, displayName] of names)
      strangers.set(name, await sayAs(`named${strangers.size}`, displayName));
    for (const [path, page] of await places()) pages.push([`${path}, while it waits`, page]);
    const ids = (await listComments(blog().app.deps.db, { limit: 200 })).map(({ id }) => id);
    await moderateComments(blog().app.deps, ids, 'approve');
    for (const [path, page] of await places()) pages.push([`${path}, approved`, page]);
  });

  async function sayWith(markup: string): Promise<Json> {
    const note = noteOf(bob, {
      inReplyTo: post.id,
      content: `<p>kept</p>${markup}`,
      summary: markup,
      name: markup,
      tag: [
        { type: 'Hashtag', name: `#${markup}`, href: 'javascript:alert(1)' },
        { type: 'Mention', name: markup, href: 'javascript:alert(1)' },
        { type: 'Emoji', name: `:${markup}:`, icon: { url: 'javascript:alert(1)' } },
      ],
      attachment: [
        { type: 'Image', url: 'https://good.example/"><x-pwned>', name: markup, mediaType: markup },
      ],
      url: 'javascript:alert(1)',
    });
    await tell(bob, activityOf(bob, 'Create', note));
    return note;
  }

  async function sayAs(user: string, name: string): Promise<Json> {
    const actor = blog().good.actor(user, {
      name,
      summary: '<p>bio</p><x-pwned onclick=x()>',
      url: 'javascript:alert(1)',
      icon: { type: 'Image', url: 'javascript:alert(1)' },
      image: { type: 'Image', url: 'data:text/html,<x-pwned>' },
      attachment: [{ type: 'PropertyValue', name: '<x-pwned>', value: '<x-pwned onclick=x()>' }],
    });
    const note = noteOf(actor, { inReplyTo: post.id, content: '<p>By a strange name.</p>' });
    const secret = noteOf(actor, { to: [blog().author], cc: [], content: '<p>private</p><x-pwned>' });
    const flag = { content: '<x-pwned><script>alert(1)</script>' };
    for (const activity of [
      activityOf(actor, 'Create', note),
      activityOf(actor, 'Follow', blog().author),
      activityOf(actor, 'Like', post.id, {
        content: `\u202e<x-pwned>${name}${'x'.repeat(98)}${'😀'.repeat(900)}`,
      }),
      activityOf(actor, 'Announce', post.id),
      activityOf(actor, 'Create', secret),
      activityOf(actor, 'Flag', [blog().author, post.id], flag),
    ])
      expect((await sendSigned(blog().url, actor, activity)).status).toBe(202);
    await blog().idle();
    return note;
  }

  test('on the page, in the lists, in the queue and on every page about other servers', () => {
    expect(pages.length).toBeGreaterThan(30);
    for (const [path, page] of pages) {
      expect(liveMarkupIn(page, blog().url), path).toEqual([]);
      expect(page, path).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
      expect(page, path).not.toMatch(/😀{200}|x{200}/u);
    }
    const page = pages.find(([path]) => path === `/${post.post.slug}, approved`)?.[1];
    expect(page).toContain('{{ 7 | times: 7 }}');
  });

  test.each(vectors)('%s leaves the words around it', async (name, markup) => {
    // That it is dead says something only where it could live.
    if (!markup.includes('{{')) expect(liveMarkupIn(markup, blog().url)).not.toEqual([]);
    const comment = await commentOf(notes.get(name) ?? {});
    expect(comment?.text).toContain('kept');
    expect(dangersIn(comment?.html ?? '')).toEqual([]);
  });

  test.each(names)('a name is shown as one that can be read: %s', async (name) => {
    const comment = await commentOf(strangers.get(name) ?? {});
    const shown = comment?.author.name ?? '';
    expect(shown.trim()).not.toBe('');
    expect([...shown].length).toBeLessThanOrEqual(255);
    expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
    expect(comment?.author.url ?? '').not.toMatch(/javascript/);
    expect(comment?.author.avatarUrl ?? '').not.toMatch(/javascript|data:/);
  });

  test.each([
    'a/b',
    '../admin',
    'a@b',
    '<x-pwned>',
    'a%2fb',
    'a\r\nb',
    'x'.repeat(300),
    'a b',
    '..',
    'a?b',
    'a#b',
  ])('C13 whoever calls themselves %j is nobody', async (preferredUsername) => {
    const { good, url, app } = blog();
    const actor = good.actor(`user${Math.random().toString(36).slice(2)}`, { preferredUsername });
    const note = noteOf(actor, { inReplyTo: post.id });
    expect([401, 403]).toContain((await sendSigned(url, actor, activityOf(actor, 'Create', note))).status);
    await blog().idle();
    expect(await commentOf(note)).toBeNull();
    const rows = await listComments(app.deps.db, { limit: 200 });
    expect(rows.some(({ externalAuthorId }) => externalAuthorId === actor.id)).toBe(false);
  });

  test('C22 the source of a text is never shown, and only one of its languages', async () => {
    const note = noteOf(bob, {
      inReplyTo: post.id,
      content: '<p>The text.</p>',
      contentMap: { en: '<p>The text.</p>', de: '<p>Der Text.</p>' },
      source: { content: 'SOURCE-MARK **x**', mediaType: 'text/markdown' },
    });
    await tell(bob, activityOf(bob, 'Create', note));
    expect(await commentOf(note)).toMatchObject({ text: 'The text.' });
  });

  test('C32 links say where they really lead, are not followed, and name no opener', async () => {
    const note = noteOf(bob, {
      inReplyTo: post.id,
      content: '<p><a href="https://evil.example/login" rel="me opener">https://bank.example</a></p>',
    });
    await tell(bob, activityOf(bob, 'Create', note));
    const comment = await commentOf(note);
    expect(comment?.html).toMatch(/rel="[^"]*nofollow[^"]*"/);
    expect(comment?.html).toMatch(/rel="[^"]*ugc[^"]*"/);
    expect(comment?.html).toMatch(/rel="[^"]*noopener[^"]*"/);
    expect(comment?.html).not.toMatch(/rel="[^"]*\bme\b/);
    expect(await admin.page('/admin/comments')).toContain('evil.example');
  });

  test('C06 addresses that look like others are resolved or dropped', async () => {
    const hrefs = [
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      'https:evil.example',
      ' https://evil.example',
      'https://good.example@evil.example/',
    ];
    const note = noteOf(bob, {
      inReplyTo: post.id,
      content: `<p>x ${hrefs.map((href) => `<a href="${href}">good.example</a>`).join(' ')}</p>`,
    });
    await tell(bob, activityOf(bob, 'Create', note));
    const { html = '' } = (await commentOf(note)) ?? {};
    for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) {
      expect(URL.parse(href)?.href.replace(/\/$/, '')).toBe(href.replace(/\/$/, ''));
      expect(href).toMatch(/^https?:\/\//);
    }
  });

  test('what a peer answers to a lookup or a remote follow is text, and no way but https', async () => {
    const { good, url } = blog();
    const resource = `acct:trap@${good.host}`;
    const answers = [
      'javascript:alert(1)?{uri}',
      'https://x.example/"><x-pwned>{uri}',
      'data:text/html,{uri}',
      'http://x.example/{uri}',
      '//x.example/{uri}',
    ];
    for (const template of answers) {
      good.on(
        `/.well-known/webfinger?resource=${encodeURIComponent(resource)}`,
        { subject: resource, links: [{ rel: 'http://ostatus.org/schema/1.0/subscribe', template }] },
        'application/jrd+json',
      );
      const answer = await fetch(`${url}/ap/follow/${blog().owner.id}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { accept: 'text/html', 'x-forwarded-for': `203.0.113.${answers.indexOf(template) + 1}` },
        body: new URLSearchParams({ handle: `@trap@${good.host}` }),
      });
      expect([200, 422]).toContain(answer.status);
      const page = await answer.text();
      expect(liveMarkupIn(page, url), template).toEqual([]);
      for (const [, href = ''] of page.matchAll(/href="([^"]*x\.example[^"]*)"/g))
        expect(href).toMatch(/^https:\/\//);
    }
  });
});

describe('C27 what the owner types is text in every form', () => {
  const nasty = `</title></script><x-pwned>"'>--> ]]> &amp; \u2028 {{ 7 | times: 7 }}`;
  const machine = [
    '/feed',
    '/feed/atom',
    '/feed/json',
    '/sitemap.xml',
    '/author/alice/feed',
    '/author/alice/feed/atom',
  ];

  beforeAll(async () => {
    const { app, owner } = blog();
    await blog().publish({
      title: nasty,
      bodyMarkdown: `Words ${nasty}`,
      excerpt: nasty,
      tags: [nasty],
      categories: [nasty],
    });
    await updateProfile(app.deps, owner.id, { name: nasty.slice(0, 90), bio: nasty });
    await app.deps.db
      .insertInto('settings')
      .values([
        { key: 'site.title', value: JSON.stringify(nasty) },
        { key: 'title', value: JSON.stringify(nasty) },
        { key: 'tagline', value: JSON.stringify(nasty) },
      ])
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
      )
      .execute();
  });

  test('on every page', async () => {
    const { posts } = {
      posts: await blog().app.deps.db.selectFrom('posts').select(['slug', 'id']).execute(),
    };
    const terms = await blog().app.deps.db.selectFrom('terms').select(['kind', 'slug']).execute();
    const paths = [
      '/',
      '/author/alice',
      '/search?q=%22%3E%3Cx-pwned%3E',
      '/nothing-%3Cx-pwned%3E',
      '/login?next=%22%3E%3Cx-pwned%3E',
      ...posts.map(({ slug }) => `/${slug}`),
      ...terms.map(({ kind, slug }) => `/${kind}/${slug}`),
      '/admin',
      '/admin/posts',
      '/admin/posts?search=%22%3E%3Cx-pwned%3E',
      '/admin/users',
      '/admin/profile',
      '/admin/settings',
      '/admin/media',
      '/admin/plugins',
      '/admin/comments?search=%22%3E%3Cx-pwned%3E',
      ...posts.map(({ id }) => `/admin/posts/${id}`),
    ];
    for (const path of paths) {
      for (const client of [admin, createClient(blog().url)]) {
        const answer = await client.get(path);
        expect(answer.status, path).toBeLessThan(500);
        if (!answer.headers.get('content-type')?.includes('html')) continue;
        const page = await answer.text();
        expect(liveMarkupIn(page, blog().url), path).toEqual([]);
        for (const [, json = ''] of page.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
          expect(() => JSON.parse(json), path).not.toThrow();
          expect(json, path).not.toMatch(/[<>&\u2028]/);
        }
        expect(page.includes(' 49'), path).toBe(false);
      }
    }
  });

  test('in what machines read', async () => {
    for (const path of machine) {
      const answer = await fetch(`${blog().url}${path}`);
      expect(answer.status, path).toBe(200);
      const text = await answer.text();
      if (path.endsWith('json')) expect(() => JSON.parse(text), path).not.toThrow();
      else {
        if (path.includes('feed'))
          await expect(new RssParser().parseString(text), path).resolves.toBeTruthy();
        else expect(text, path).not.toMatch(/<x-pwned/);
      }
    }
    const headers = { accept: 'application/activity+json' };
    const { orderedItems } = (await (await fetch(`${blog().author}/outbox?page=1`, { headers })).json()) as {
      orderedItems: { object: Json }[];
    };
    for (const { object } of orderedItems) expect(String(object.content)).not.toMatch(/<x-pwned|<script/);
    const actor = (await (await fetch(blog().author, { headers })).json()) as Json;
    expect(String(actor.summary)).not.toMatch(/<x-pwned|<script/);
  });
});
