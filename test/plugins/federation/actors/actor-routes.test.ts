import { createHash, createPublicKey } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signingKeyOf } from '../../../../plugins/federation/actors/keys.ts';
import { readActor } from '../../../../plugins/federation/vocabulary/actor.ts';
import { addMedia } from '../../../../src/media/add-media.ts';
import { createUser, deleteUser, setRole, updateProfile } from '../../../../src/users/accounts.ts';
import { type FederatedBlog, ldJson, startFederatedBlog } from '../support.ts';

describe.each(['sqlite', 'postgres'] as const)('on %s', (dialect) => {
  let blog: FederatedBlog;
  let actor: string;

  beforeAll(async () => {
    blog = await startFederatedBlog({ untilTestEnds: false, dialect });
    actor = `${blog.url}/ap/users/${blog.owner.id}`;
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'teal' } })
      .png()
      .toBuffer();
    const picture = await addMedia(blog.deps, { bytes, alt: 'A teal field', userId: blog.owner.id });
    await updateProfile(blog.deps, blog.owner.id, {
      name: 'Alice <Writer>',
      bio: 'I *bake*.',
      avatarId: picture.id,
      headerId: picture.id,
      links: [{ label: 'Web "site"', url: 'https://alice.example/?a=1&b=2' }],
    });
  });
  afterAll(() => blog.close());

  async function addAuthor(username: string) {
    const account = { username, email: `${username}@blog.example`, password: 'correct horse battery' };
    return createUser(blog.deps, { ...account, role: 'author' });
  }

  describe('an author’s actor', () => {
    test('says who the author is', async () => {
      const picture = {
        type: 'Image',
        mediaType: expect.stringMatching(/^image\//),
        url: expect.stringContaining(`${blog.url}/media/`),
        name: 'A teal field',
      };
      expect(await blog.document(actor)).toMatchObject({
        id: actor,
        type: 'Person',
        preferredUsername: 'alice',
        name: 'Alice <Writer>',
        summary: expect.stringContaining('<em>bake</em>'),
        url: `${blog.url}/author/alice`,
        inbox: `${actor}/inbox`,
        outbox: `${actor}/outbox`,
        followers: `${actor}/followers`,
        following: `${actor}/following`,
        featured: `${actor}/featured`,
        endpoints: { sharedInbox: `${blog.url}/ap/inbox` },
        publicKey: {
          id: `${actor}#main-key`,
          owner: actor,
          publicKeyPem: expect.stringContaining('BEGIN PUBLIC KEY'),
        },
        manuallyApprovesFollowers: false,
        discoverable: true,
        indexable: true,
        published: blog.owner.createdAt,
        icon: picture,
        image: picture,
        attachment: [
          {
            type: 'PropertyValue',
            name: 'Web "site"',
            value:
              '<a href="https://alice.example/?a=1&amp;b=2" rel="me nofollow noopener noreferrer" target="_blank">alice.example/?a=1&amp;b=2</a>',
          },
        ],
        attributionDomains: [blog.host],
        generator: { implements: [{ href: 'https://datatracker.ietf.org/doc/html/rfc9421' }] },
      });
    });

    test('has no tags, no e-mail address and no private key', async () => {
      const text = JSON.stringify(await blog.document(actor));
      expect(text).not.toMatch(/featuredTags|alice@blog\.example|PRIVATE/);
    });

    test('is read by our own door for foreign actors', async () => {
      expect(readActor(await blog.document(actor))).toMatchObject({
        kind: 'actor',
        actor: { id: actor, keyOnly: false },
      });
    });

    test('shows the public half of the key with which the author signs', async () => {
      const { publicKey } = (await blog.document(actor)) as { publicKey: { publicKeyPem: string } };
      const { keyId, privateKey } = await signingKeyOf(blog.context, blog.owner.id);
      const shown = createPublicKey(publicKey.publicKeyPem);
      expect(keyId).toBe(`${actor}#main-key`);
      expect(shown.asymmetricKeyDetails?.modulusLength).toBe(2048);
      expect(createPublicKey(privateKey).equals(shown)).toBe(true);
    });

    test('keeps the private half sealed in the database', async () => {
      const rows = await blog.context.database
        .as<{ plugin_federation_keys: { private_sealed: string } }>()
        .selectFrom('plugin_federation_keys')
        .selectAll()
        .execute();
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row.private_sealed).not.toContain('PRIVATE KEY');
    });

    test('may be kept by caches, which hear when nothing has changed', async () => {
      const first = await blog.ask(actor);
      const etag = first.headers.get('etag') ?? '';
      expect(first.headers.get('content-type')).toMatch(/^application\/activity\+json/);
      expect(first.headers.get('vary')).toContain('Accept');
      expect(first.headers.get('cache-control')).toContain('public');
      expect((await blog.ask(actor, { 'if-none-match': etag })).status).toBe(304);
      expect(
        (await blog.ask(actor, { 'if-none-match': `"${createHash('md5').digest('hex')}"` })).status,
      ).toBe(200);
    });

    test('sends people on to the page', async () => {
      const answer = await blog.ask(actor, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toBe(`${blog.url}/author/alice`);
    });

    test('is the same at the page’s address, where nobody may keep it', async () => {
      for (const accept of ['application/activity+json', ldJson, `${ldJson}, application/activity+json`]) {
        const answer = await blog.ask('/author/alice', { accept });
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect(answer.headers.get('vary')).toContain('Accept');
        expect(await answer.json()).toEqual(await blog.document(actor));
      }
    });

    test('is not there for somebody who cannot publish, nor for nobody', async () => {
      const guest = await addAuthor('guest');
      await setRole(blog.deps, guest.id, { role: 'subscriber', disabled: false });
      const answers = [
        await blog.ask(`/ap/users/${guest.id}`),
        await blog.ask('/ap/users/01a2094e-0000-7000-8000-000000000000'),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      expect(new Set(await Promise.all(answers.map((answer) => answer.text())))).toHaveLength(1);
    });

    test('is gone when the account is', async () => {
      const leaving = await addAuthor('leaving');
      await blog.document(`/ap/users/${leaving.id}`);
      await deleteUser(blog.deps, leaving.id, { reassignTo: blog.owner.id });
      const answer = await blog.ask(`/ap/users/${leaving.id}`);
      expect(answer.status).toBe(410);
      expect(await answer.json()).toMatchObject({ type: 'Tombstone', formerType: 'Person' });
      expect((await blog.ask(`/ap/users/${leaving.id}`, { accept: 'text/html' })).status).toBe(410);
    });
  });

  test('the site’s own actor is public and can be written to', async () => {
    const site = `${blog.url}/ap/site`;
    expect(await blog.document(site)).toMatchObject({
      id: site,
      type: 'Application',
      preferredUsername: 'site-actor',
      inbox: `${blog.url}/ap/inbox`,
      outbox: `${site}/outbox`,
      publicKey: { id: `${site}#main-key`, owner: site },
    });
    expect(await blog.document(`${site}/outbox`)).toMatchObject({ totalItems: 0 });
  });

  describe('an author’s collections', () => {
    test('the outbox has the public posts page by page, the newest first', async () => {
      for (let number = 1; number <= 12; number++)
        await blog.publish({ title: `Post ${number}`, bodyMarkdown: 'Text.' });
      const outbox = await blog.document(`${actor}/outbox`);
      expect(outbox).toMatchObject({
        type: 'OrderedCollection',
        totalItems: 12,
        first: `${actor}/outbox?page=1`,
      });
      const first = await blog.document(`${actor}/outbox?page=1`);
      const items = first.orderedItems as { type: string; actor: string; object: { name: string } }[];
      expect(items).toHaveLength(10);
      expect(items[0]).toMatchObject({
        type: 'Create',
        actor,
        object: { type: 'Article', name: 'Post 12', attributedTo: actor },
      });
      const second = await blog.document(String(first.next));
      expect(second.orderedItems).toHaveLength(2);
      expect(second).not.toHaveProperty('next');
    });

    test('followers are counted and listed by their ids', async () => {
      const tables = blog.context.database.as<{ plugin_federation_followers: Record<string, unknown> }>();
      const row = (name: string, state: string) => ({
        user_id: blog.owner.id,
        actor_id: `https://far.example/${name}`,
        follow_id: null,
        state,
        inbox: 'https://far.example/inbox',
        host: 'far.example',
        since: '2026-11-01T00:00:00.000Z',
      });
      await tables
        .insertInto('plugin_federation_followers')
        .values([row('bob', 'accepted'), row('eve', 'pending')])
        .execute();
      expect(await blog.document(`${actor}/followers`)).toMatchObject({
        type: 'OrderedCollection',
        totalItems: 1,
      });
      expect(await blog.document(`${actor}/followers?page=1`)).toMatchObject({
        orderedItems: ['https://far.example/bob'],
      });
    });

    test.each(['following', 'featured'])('%s is empty', async (name) => {
      expect(await blog.document(`${actor}/${name}`)).toMatchObject({ totalItems: 0, orderedItems: [] });
    });

    test('there are no others', async () => {
      expect((await blog.ask(`${actor}/secrets`)).status).toBe(404);
    });
  });
});
