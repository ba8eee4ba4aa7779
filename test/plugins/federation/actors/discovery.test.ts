import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebFinger from 'webfinger.js';
import { commentAsUser } from '../../../../src/comments/submit-comment.ts';
import { publishPrivately } from '../../../../src/posts/publish-post.ts';
import { createUser } from '../../../../src/users/accounts.ts';
import type { User } from '../../../../src/users/user.ts';
import { type FederatedBlog, startFederatedBlog } from '../support.ts';

let blog: FederatedBlog;
let reader: User;

beforeAll(async () => {
  blog = await startFederatedBlog({ untilTestEnds: false });
  const account = { username: 'reader', email: 'reader@blog.example', password: 'correct horse battery' };
  reader = await createUser(blog.deps, { ...account, role: 'subscriber' });
});
afterAll(() => blog.close());

const webfinger = (resource: string, more = '') =>
  blog.ask(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}${more}`, { accept: '*/*' });

describe('WebFinger', () => {
  test('leads from the handle to the actor and the page', async () => {
    const answer = await webfinger(`acct:alice@${blog.host}`);
    const actor = `${blog.url}/ap/users/${blog.owner.id}`;
    const page = `${blog.url}/author/alice`;

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/jrd\+json/);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.json()).toEqual({
      subject: `acct:alice@${blog.host}`,
      aliases: [page, actor],
      links: [
        { rel: 'http://webfinger.net/rel/profile-page', type: 'text/html', href: page },
        { rel: 'self', type: 'application/activity+json', href: actor },
      ],
    });
  });

  test('gives one subject, however it is asked', async () => {
    const actor = `${blog.url}/ap/users/${blog.owner.id}`;
    const forms = [
      `acct:ALICE@${blog.host.toUpperCase()}`,
      `@alice@${blog.host}`,
      `${blog.url}/author/alice`,
      actor,
    ];
    for (const form of forms) {
      expect(await (await webfinger(form)).json()).toMatchObject({ subject: `acct:alice@${blog.host}` });
    }
  });

  test('gives only the relations that are asked for', async () => {
    const answer = await (await webfinger(`acct:alice@${blog.host}`, '&rel=self')).json();
    expect(answer.links.map((link: { rel: string }) => link.rel)).toEqual(['self']);
  });

  test('is read by webfinger.js', async () => {
    const client = new WebFinger({ tls_only: false, request_timeout: 5_000, allow_private_addresses: true });
    const { object } = await client.lookup(`alice@${blog.host}`);
    const self = object.links?.find((link) => link.rel === 'self');
    expect(self).toMatchObject({
      href: `${blog.url}/ap/users/${blog.owner.id}`,
      type: 'application/activity+json',
    });
  });

  test('answers for nobody, for a reader and for another host in the same words', async () => {
    const answers = await Promise.all(
      [
        `acct:nobody@${blog.host}`,
        `acct:reader@${blog.host}`,
        'acct:alice@other.example',
        `${blog.url}/ap/users/${reader.id}`,
      ].map((resource) => webfinger(resource)),
    );
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404]);
    expect(new Set(await Promise.all(answers.map((answer) => answer.text())))).toHaveLength(1);
    expect(answers[0]?.headers.get('access-control-allow-origin')).toBe('*');
  });

  test.each([
    '',
    '?resource=',
    '?resource=alice',
    `?resource=acct:${'a'.repeat(10_240)}@x.example`,
    '?resource=acct:a@x&resource=acct:b@x',
  ])('answers 400 to %.40s', async (query) => {
    expect((await blog.ask(`/.well-known/webfinger${query}`)).status).toBe(400);
  });

  test('knows the site’s own actor', async () => {
    const answer = await (await webfinger(`acct:site-actor@${blog.host}`)).json();
    expect(answer.links).toContainEqual({
      rel: 'self',
      type: 'application/activity+json',
      href: `${blog.url}/ap/site`,
    });
  });
});

test('host-meta leads to WebFinger', async () => {
  const answer = await blog.ask('/.well-known/host-meta');
  expect(answer.headers.get('content-type')).toMatch(/^application\/xrd\+xml/);
  expect(await answer.text()).toContain(`template="${blog.url}/.well-known/webfinger?resource={uri}"`);
});

test.each(['2.0', '2.1'])('NodeInfo %s counts what everybody may see', async (version) => {
  await blog.publish({ title: `For ${version}`, bodyMarkdown: 'Text.' });
  const { links } = await (await blog.ask('/.well-known/nodeinfo')).json();
  const href = links.find((link: { rel: string }) => link.rel.endsWith(version)).href;
  const answer = await blog.ask(href);

  expect(answer.headers.get('content-type')).toContain(
    `profile="http://nodeinfo.diaspora.software/ns/schema/${version}#"`,
  );
  expect(await answer.json()).toMatchObject({
    version,
    software: { name: 'outpost' },
    protocols: ['activitypub'],
    openRegistrations: false,
    usage: { users: { total: 1 }, localPosts: expect.any(Number) },
  });
});

test('NodeInfo does not count what was said below a post that is not public any more', async () => {
  const counted = async () => (await (await blog.ask('/ap/nodeinfo/2.1')).json()).usage.localComments;
  const before = await counted();
  const post = await blog.publish({ title: 'For a while', bodyMarkdown: 'Text.' });
  await commentAsUser(blog.deps, { postId: post.id, userId: blog.owner.id, markdown: 'Seen by all.' });
  expect(await counted()).toBe(before + 1);
  await publishPrivately(blog.deps, post.id);
  expect(await counted()).toBe(before);
});
