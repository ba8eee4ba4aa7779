import { beforeAll, describe, expect, test } from 'vitest';
import { moderateComments } from '../../src/comments/moderate-comments.ts';
import { submitComment } from '../../src/comments/submit-comment.ts';
import { ownerLogin } from '../../src/plugin-host/testing.ts';
import type { Post } from '../../src/posts/post.ts';
import { schedulePost, trashPost, unpublishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { createUser, setRole } from '../../src/users/accounts.ts';
import { createClient } from '../support/create-test-app.ts';
import type { Json } from '../support/remote-peer.ts';
import { activityOf, commentOf, noteOf, shareAttackedBlog } from './open-blog.ts';
import { sendSigned } from './send-raw.ts';
import type { WildActor } from './wild-peer.ts';

const blog = shareAttackedBlog();
const mark = 'CONFIDENTIAL';
const password = 'correct horse battery';
const kinds = ['draft', 'review', 'scheduled', 'private', 'trash', 'unpublished'] as const;

let post: { id: string; url: string; post: Post };
let last: { id: string; url: string; post: Post };
const hidden = new Map<(typeof kinds)[number], Post>();
const comments = new Map<'pending' | 'spam' | 'trash' | 'approved', string>();
let bob: WildActor;
let pendingReply: Json;

beforeAll(async () => {
  const { app, owner } = blog();
  post = await blog().publish({
    title: 'The open subject',
    bodyMarkdown: 'findme in the open.',
    tags: ['open'],
  });
  for (const kind of kinds) {
    const input = {
      title: `${mark} title ${kind}`,
      bodyMarkdown: `findme ${mark} body`,
      excerpt: `${mark} excerpt`,
      slug: `secret-${kind}`,
      tags: ['open', `${mark} tag ${kind}`],
      categories: [`${mark} category ${kind}`],
    };
    hidden.set(kind, await hide(kind, input));
  }
  last = await blog().publish({ title: 'The last subject', bodyMarkdown: 'findme at last.', tags: ['open'] });
  await app.deps.db
    .updateTable('users')
    .set({ email: 'alice-private@mail.example' })
    .where('id', '=', owner.id)
    .execute();
  const people = { subscriber: 'subscriber', closed: 'author' } as const;
  for (const [username, role] of Object.entries(people)) {
    const user = await createUser(app.deps, {
      username,
      email: `${username}-private@mail.example`,
      name: `${mark} ${username}`,
      password,
      role,
    });
    if (username === 'closed') await setRole(app.deps, user.id, { role, disabled: true });
  }
  await createUser(app.deps, {
    username: 'other',
    email: 'other-private@mail.example',
    name: 'Other',
    password,
    role: 'author',
  });
  for (const status of ['pending', 'spam', 'trash', 'approved'] as const)
    comments.set(status, await commentIn(status));
  bob = blog().good.actor('bob');
  pendingReply = noteOf(bob, { inReplyTo: post.id, content: `<p>${mark} waiting reply</p>` });
  const openReply = noteOf(bob, { inReplyTo: post.id, content: '<p>Seen by all, everywhere.</p>' });
  const followersOnly = { to: [`${bob.id}/followers`], cc: [] };
  for (const note of [
    pendingReply,
    noteOf(bob, { inReplyTo: post.id, to: [blog().author], cc: [], content: `<p>${mark} direct</p>` }),
    noteOf(bob, { inReplyTo: post.id, ...followersOnly, content: `<p>${mark} to followers</p>` }),
    noteOf(bob, { inReplyTo: post.id, to: [], cc: [], content: `<p>${mark} to nobody</p>` }),
    openReply,
  ])
    expect((await sendSigned(blog().url, bob, activityOf(bob, 'Create', note))).status).toBe(202);
  await blog().idle();
  const { deps } = blog().app;
  const { id } = await deps.db
    .selectFrom('comments')
    .select('id')
    .where('external_id', '=', String(openReply.id))
    .executeTakeFirstOrThrow();
  await moderateComments(deps, [id], 'approve');
  await blog().idle();
});

async function hide(kind: (typeof kinds)[number], input: { title: string }): Promise<Post> {
  const { app, owner } = blog();
  if (kind === 'unpublished' || kind === 'trash') {
    const published = (await blog().publish(input)).post;
    return kind === 'trash' ? trashPost(app.deps, published.id) : unpublishPost(app.deps, published.id);
  }
  const draft = await createPost(app.deps, { authorId: owner.id, ...input });
  if (kind === 'scheduled') return schedulePost(app.deps, draft.id, new Date(Date.now() + 86_400_000));
  if (kind !== 'draft')
    await app.deps.db.updateTable('posts').set({ status: kind }).where('id', '=', draft.id).execute();
  return draft;
}

async function commentIn(status: 'pending' | 'spam' | 'trash' | 'approved'): Promise<string> {
  const isOpen = status === 'approved';
  const { id } = await submitComment(blog().app.deps, {
    postId: post.post.id,
    parentId: null,
    name: isOpen ? 'Ruth' : `${mark} ${status}`,
    email: `${status}-private@mail.example`,
    url: '',
    text: isOpen ? 'Seen by all.' : `${mark} ${status} comment`,
    formAgeMs: 60_000,
    honeypot: '',
  });
  const deed = { pending: 'hold', spam: 'spam', trash: 'trash', approved: 'approve' } as const;
  await moderateComments(blog().app.deps, [id], deed[status]);
  return id;
}

const accepts = [
  'text/html',
  'application/activity+json',
  'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
  'application/json',
  '*/*',
];

async function read(
  path: string,
  accept: string,
): Promise<{ status: number; type: string; text: string; all: string }> {
  const answer = await fetch(new URL(path, blog().url), { headers: { accept }, redirect: 'manual' });
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  return { status: answer.status, type, text, all: `${[...answer.headers].flat().join('\n')}\n${text}` };
}

/** Every door that is open to everybody: what pages lead to, and what only machines know. */
async function openDoors(): Promise<string[]> {
  const { owner, url } = blog();
  const { host } = new URL(url);
  const doors = new Set([
    ...[
      '/',
      '/feed',
      '/feed/atom',
      '/feed/json',
      '/sitemap.xml',
      '/robots.txt',
      '/healthz',
      '/readyz',
      '/login',
      '/setup',
      '/nothing',
    ],
    ...[
      '/author/alice',
      '/author/alice/feed',
      '/author/alice/feed/atom',
      '/tag/open',
      '/tag/open/feed',
      '/tag/open/feed/json',
    ],
    ...[
      '/author/subscriber',
      '/author/closed',
      '/author/other',
      '/search?q=findme',
      '/search?q=secret',
      '/search?q=waiting',
      '/search?q=Ruth',
    ],
    ...[
      '/.well-known/nodeinfo',
      '/ap/nodeinfo/2.0',
      '/ap/nodeinfo/2.1',
      '/.well-known/host-meta',
      '/ap/site',
      '/ap/site/outbox',
    ],
    ...['alice', 'subscriber', 'closed', 'other'].map(
      (name) => `/.well-known/webfinger?resource=acct:${name}@${host}`,
    ),
    ...['', '/outbox', '/outbox?page=1', '/followers', '/followers?page=1', '/following', '/featured'].map(
      (end) => `/ap/users/${owner.id}${end}`,
    ),
    ...[
      '',
      '/replies',
      '/replies?page=1',
      '/replies?page=2',
      '/likes',
      '/shares',
      '/context',
      '/context?page=1',
    ].map((end) => `/ap/posts/${post.post.id}${end}`),
    ...[...comments.values()].flatMap((id) => [
      `/ap/comments/${id}`,
      `/${post.post.slug}?answer=${id}`,
      `/comments/${id}`,
    ]),
    `/${post.post.slug}?comment=held`,
    ...[...hidden.values()].map(({ id }) => `/ap/posts/${id}/replies?page=1`),
    ...[
      '/metrics',
      '/admin',
      '/admin/comments',
      '/admin/posts',
      '/oembed',
      '/comments/feed',
      `/${post.post.slug}/feed`,
      '/ap/answer/x',
      '/?s=findme',
      '/?p=1',
    ],
  ]);
  for (const path of doors) {
    const { text, type } = await read(path, 'text/html');
    if (!type.includes('html')) continue;
    for (const [, href = ''] of text.matchAll(/(?:href|src|action)="([^"]+)"/g)) {
      const found = URL.parse(href.replaceAll('&amp;', '&'), url);
      if (found?.origin === url && !found.pathname.startsWith('/assets/'))
        doors.add(found.pathname + found.search);
    }
  }
  return [...doors];
}

test('L01, L06, L07, L10, L12 nothing that is not public stands behind any open door', async () => {
  const doors = await openDoors();
  expect(doors.length).toBeGreaterThan(70);
  for (const path of doors) {
    for (const accept of accepts) {
      const { all, status } = await read(path, accept);
      const label = `${path} as ${accept}`;
      expect(status, label).toBeLessThan(500);
      expect(all, label).not.toMatch(/CONFIDENTIAL|confidential/);
      expect(all, label).not.toMatch(/-private@|secret-(?!\w*(?:=|%3D))|\$argon2id|PRIVATE KEY|gravatar/);
    }
  }
});

describe('L01 a post that is not public answers like one that never was', () => {
  const forms: [string, (post: { slug: string; id: string }) => string][] = [
    ['its address', ({ slug }) => `/${slug}`],
    ['its address with a slash', ({ slug }) => `/${slug}/`],
    ['a preview', ({ slug }) => `/${slug}?preview=1`],
    ['a form', ({ slug }) => `/${slug}?format=json`],
    ['.json', ({ slug }) => `/${slug}.json`],
    ['amp', ({ slug }) => `/${slug}/amp`],
    ['embed', ({ slug }) => `/${slug}/embed`],
    ['feed', ({ slug }) => `/${slug}/feed`],
    ['its id', ({ id }) => `/${id}`],
    ['posts', ({ id }) => `/posts/${id}`],
    ['a second publication', ({ id }) => `/ap/posts/${id}-9`],
    ['its answers', ({ id }) => `/ap/posts/${id}/replies`],
  ];
  test.each(forms)('by %s', async (_form, path) => {
    const never = { slug: 'secret-nothing', id: '01900000-0000-7000-8000-000000000000' };
    for (const accept of accepts) {
      const { status, type, text } = await read(path(never), accept);
      expect(status).toBe(404);
      for (const [kind, one] of hidden) {
        const answer = await read(path(one), accept);
        expect(
          { status: answer.status, type: answer.type, text: answer.text },
          `${kind} as ${accept}`,
        ).toEqual({ status, type, text });
      }
    }
  });

  test('by the id of its object; what was public is gone', async () => {
    for (const [kind, { id }] of hidden) {
      const { status, text } = await read(`/ap/posts/${id}`, 'application/activity+json');
      expect(status, kind).toBe(kind === 'trash' || kind === 'unpublished' ? 410 : 404);
      expect(text).not.toContain(mark);
    }
  });

  test('a private one is for those who may edit it, and for no other author', async () => {
    const owner = createClient(blog().url);
    await owner.post('/login', { login: ownerLogin.username, password: ownerLogin.password });
    const other = createClient(blog().url);
    await other.post('/login', { login: 'other', password });
    expect((await owner.get('/secret-private')).status).toBe(200);
    expect((await owner.get('/secret-private')).headers.get('cache-control')).toContain('no-store');
    for (const [kind, { id, slug }] of hidden) {
      const never = await (await other.get('/secret-nothing')).text();
      expect(await (await other.get(`/${slug}`)).text(), kind).toBe(never);
      for (const path of [`/admin/posts/${id}`, `/admin/posts/${id}/edit`, `/admin/posts/${id}/preview`]) {
        const answer = await other.get(path);
        expect(answer.status, path).toBe(404);
        expect(await answer.text(), path).not.toContain(mark);
      }
      expect(await other.page('/admin/posts')).not.toContain(mark);
    }
  });
});

describe('L07, L10 what is not public is not counted', () => {
  const json = async (path: string) =>
    JSON.parse((await read(path, 'application/activity+json')).text) as Json;

  test('among the answers to a post', async () => {
    const replies = await json(`/ap/posts/${post.post.id}/replies`);
    expect(replies.totalItems).toBe(1);
    const article = await json(`/ap/posts/${post.post.id}`);
    expect(JSON.stringify(article)).not.toMatch(/"totalItems":[2-9]/);
    const page = await (await fetch(post.url)).text();
    expect(page).toContain('Seen by all.');
    expect(page).toContain('Seen by all, everywhere.');
    expect(page.match(/id="comment-[0-9a-f-]{36}"/g)).toHaveLength(2);
  });

  test('among the posts', async () => {
    const firstPosts = (await json(`/ap/users/${blog().owner.id}/outbox`)).totalItems;
    const { usage } = (await json('/ap/nodeinfo/2.1')) as {
      usage: { localPosts: number; localComments: number };
    };
    const { rows } = {
      rows: await blog()
        .app.deps.db.selectFrom('posts')
        .selectAll()
        .where('status', '=', 'published')
        .execute(),
    };
    expect(firstPosts).toBe(rows.length);
    expect(usage.localPosts).toBe(rows.length);
    expect(usage.localComments).toBe(1);
  });

  test('by the tags and categories that only they have', async () => {
    const terms = await blog().app.deps.db.selectFrom('terms').selectAll().execute();
    for (const { kind, slug, name } of terms.filter((term) => term.name.includes(mark))) {
      for (const accept of accepts) expect((await read(`/${kind}/${slug}`, accept)).status, name).toBe(404);
      expect((await read(`/${kind}/${slug}/feed`, '*/*')).status, name).toBe(404);
    }
  });

  test('between the post before and the one after', async () => {
    const page = await (await fetch(last.url)).text();
    expect(page).toContain(`href="/${post.post.slug}"`);
  });

  test('by a search for any word of theirs', async () => {
    for (const words of ['findme body', 'excerpt', 'title draft', 'waiting', 'direct', 'spam comment']) {
      const page = (await read(`/search?q=${encodeURIComponent(words)}`, 'text/html')).text;
      expect(page, words).not.toContain(mark);
      expect(page.match(/<article|<li class="result/g) ?? [], words).toHaveLength(0);
    }
  });
});

describe('what waits cannot be reached by its id', () => {
  test.each(['pending', 'spam', 'trash'] as const)(
    'an answer to a comment that is %s is not taken, and no form names it',
    async (status) => {
      const id = comments.get(status) ?? '';
      const page = (await read(`/${post.post.slug}?answer=${id}`, 'text/html')).text;
      expect(page).not.toContain(id);
      const token = /name="form_token" value="([^"]+)"/.exec(page)?.[1] ?? '';
      blog().advance(10);
      const answer = await createClient(blog().url).post(`/${post.post.slug}/comments`, {
        form_token: token,
        parent_id: id,
        name: 'Eve',
        text: 'Below what nobody sees.',
      });
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain(mark);
    },
  );

  test('a Like or a reply from elsewhere to what is not public changes nothing and gives nothing away', async () => {
    const { url } = blog();
    for (const one of hidden.values()) {
      const object = `${url}/ap/posts/${one.id}`;
      const note = noteOf(bob, { inReplyTo: object });
      expect((await sendSigned(url, bob, activityOf(bob, 'Like', object))).status).toBe(202);
      expect((await sendSigned(url, bob, activityOf(bob, 'Create', note))).status).toBe(202);
      await blog().idle();
      expect(await commentOf(blog(), note)).toBeNull();
    }
    expect(await blog().app.deps.db.selectFrom('reactions').selectAll().execute()).toEqual([]);
  });

  test('L06 private replies are for the author alone, who sees them as such', async () => {
    const mine = (await blog().run('mentions', 'alice')) as { text: string; visibility: string }[];
    expect(mine.map(({ text, visibility }) => `${text}: ${visibility}`).sort()).toEqual([
      `${mark} direct: direct`,
      `${mark} to followers: followers`,
      `${mark} to nobody: direct`,
    ]);
    const other = createClient(blog().url);
    await other.post('/login', { login: 'other', password });
    expect(await other.page('/admin/federation/messages')).not.toContain(mark);
    const answer = noteOf(bob, {
      inReplyTo: String(pendingReply.id),
      to: [blog().author],
      cc: [],
      content: `<p>${mark} below</p>`,
    });
    expect((await sendSigned(blog().url, bob, activityOf(bob, 'Create', answer))).status).toBe(202);
    await blog().idle();
    expect(await commentOf(blog(), answer)).toBeNull();
  });

  test('L06 a public reply that becomes private leaves the page', async () => {
    const note = noteOf(bob, { inReplyTo: post.id, content: '<p>Public for a while.</p>' });
    await sendSigned(blog().url, bob, activityOf(bob, 'Create', note));
    await blog().idle();
    await moderateComments(blog().app.deps, [(await commentOf(blog(), note))?.id ?? ''], 'approve');
    expect(await (await fetch(post.url)).text()).toContain('Public for a while.');
    await sendSigned(blog().url, bob, activityOf(bob, 'Update', { ...note, to: [blog().author], cc: [] }));
    await blog().idle();
    expect(await (await fetch(post.url)).text()).not.toContain('Public for a while.');
  });
});

describe('L13 WebFinger', () => {
  test('says the same of nobody, of readers, of closed accounts and of other hosts, and 400 to what is no resource', async () => {
    const { host } = new URL(blog().url);
    const ask = (resource: string | null) =>
      read(
        `/.well-known/webfinger${resource === null ? '' : `?resource=${encodeURIComponent(resource)}`}`,
        '*/*',
      );
    const never = await ask(`acct:nobody@${host}`);
    expect(never.status).toBe(404);
    for (const resource of [
      `acct:subscriber@${host}`,
      `acct:closed@${host}`,
      'acct:alice@other.example',
      `acct:alice-private@mail.example`,
    ]) {
      const answer = await ask(resource);
      expect({ status: answer.status, text: answer.text }, resource).toEqual({
        status: 404,
        text: never.text,
      });
    }
    for (const resource of [null, '', 'alice', '@', `acct:${'x'.repeat(10_240)}@${host}`])
      expect((await ask(resource)).status, String(resource)).toBe(400);
    expect(never.all).toContain('access-control-allow-origin\n*');
  });
});
