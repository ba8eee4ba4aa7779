import { beforeAll, describe, expect, test } from 'vitest';
import { countReactions } from '../../src/reactions/reaction-store.ts';
import type { Json } from '../support/remote-peer.ts';
import { type People, shareInbox } from './inbox-people.ts';
import { activityOf, freshId, noteOf } from './open-blog.ts';
import { sendSigned } from './send-raw.ts';
import type { WildActor } from './wild-peer.ts';

const { blog, people, accept, answer, commentOf, refuse } = shareInbox();
let post: People['post'];
let bob: WildActor;
let mallory: WildActor;
let neighbour: WildActor;
let said: People['said'];
let liked: People['liked'];
let followed: People['followed'];
beforeAll(() => {
  ({ post, bob, mallory, neighbour, said, liked, followed } = people());
});

describe('who is known may speak for themselves only', () => {
  type Row = [string, () => WildActor, () => Json, readonly number[]];
  const rows: Row[] = [
    [
      'A06 a note of another server',
      () => mallory,
      () => activityOf(mallory, 'Create', noteOf(bob, { inReplyTo: post.id })),
      [403],
    ],
    [
      'A06 one’s own note that names another as its author',
      () => mallory,
      () => activityOf(mallory, 'Create', noteOf(mallory, { inReplyTo: post.id, attributedTo: bob.id })),
      [403],
    ],
    [
      'A31 an Update of a neighbour’s comment',
      () => neighbour,
      () => activityOf(neighbour, 'Update', { ...said, content: 'x' }),
      [403],
    ],
    [
      'A31 an Update of a neighbour’s comment that takes it over',
      () => neighbour,
      () => activityOf(neighbour, 'Update', { ...said, attributedTo: neighbour.id, content: 'x' }),
      [403],
    ],
    [
      'A31 an Update of a stranger’s comment',
      () => mallory,
      () => activityOf(mallory, 'Update', { ...said, content: 'x' }),
      [403],
    ],
    [
      'A33 a Delete of a neighbour’s comment',
      () => neighbour,
      () => activityOf(neighbour, 'Delete', said.id),
      [403],
    ],
    [
      'A33 a Delete of a stranger’s comment',
      () => mallory,
      () => activityOf(mallory, 'Delete', { type: 'Tombstone', id: said.id }),
      [403],
    ],
    [
      'A33 a Delete of a stranger’s account',
      () => mallory,
      () => activityOf(mallory, 'Delete', bob.id),
      [403],
    ],
    [
      'A33 a Delete of a neighbour’s account',
      () => neighbour,
      () => activityOf(neighbour, 'Delete', bob.id),
      [403, 202],
    ],
    [
      'A35 an Undo of a neighbour’s Like by its id',
      () => neighbour,
      () => activityOf(neighbour, 'Undo', liked.id),
      [403],
    ],
    [
      'A35 an Undo of a neighbour’s Like with a copy',
      () => neighbour,
      () => activityOf(neighbour, 'Undo', liked),
      [403],
    ],
    [
      'A35 an Undo of a stranger’s Follow by its id',
      () => mallory,
      () => activityOf(mallory, 'Undo', followed.id),
      [403],
    ],
    [
      'A35 an Undo of a neighbour’s Follow with a changed copy',
      () => neighbour,
      () => activityOf(neighbour, 'Undo', { ...followed, actor: neighbour.id }),
      [403],
    ],
    [
      'A36 an Undo whose copy names another type than what is stored',
      () => bob,
      () => activityOf(bob, 'Undo', { ...liked, type: 'Follow', object: blog().author }),
      [403],
    ],
    [
      'A36 an Undo whose copy names another object than what is stored',
      () => bob,
      () => activityOf(bob, 'Undo', { ...liked, object: blog().author }),
      [403],
    ],
    [
      'A39 an id on another server',
      () => mallory,
      () => ({ ...activityOf(mallory, 'Like', post.id), id: freshId(bob) }),
      [403],
    ],
    [
      'A39 an id of this site',
      () => mallory,
      () => ({ ...activityOf(mallory, 'Like', post.id), id: post.id }),
      [403],
    ],
    ['A39 a Create without an id', () => mallory, () => ({ ...answer(mallory), id: undefined }), [403, 400]],
    [
      'A39 an id that is no address',
      () => mallory,
      () => ({ ...answer(mallory), id: 'urn:x:1' }),
      [403, 400],
    ],
    [
      'an actor who is of this site',
      () => mallory,
      () => ({
        ...activityOf(mallory, 'Like', post.id),
        actor: blog().author,
        id: `${blog().url}/ap/activities/x`,
      }),
      [401, 403],
    ],
    [
      'an Update of another’s account',
      () => mallory,
      () => activityOf(mallory, 'Update', { ...bob.document, name: 'Not Bob' }),
      [403],
    ],
    [
      'a Create of a note in the place of one of ours',
      () => mallory,
      () => activityOf(mallory, 'Create', { ...noteOf(mallory, { inReplyTo: post.id }), id: post.id }),
      [403],
    ],
  ];

  test.each(rows)('%s is answered 403 and changes nothing', async (name, signer, activity, statuses) => {
    await refuse(() => sendSigned(blog().url, signer(), activity()), { statuses });
    expect(await commentOf(said), name).toMatchObject({ text: 'Bob’s own words.' });
  });

  test('A35 a copy of somebody’s Like that was never stored takes nothing back', async () => {
    const { app } = blog();
    const copy = { id: freshId(mallory), type: 'Like', actor: bob.id, object: post.id };
    expect((await sendSigned(blog().url, mallory, activityOf(mallory, 'Undo', copy))).status).toBe(403);
    await blog().idle();
    expect(await countReactions(app.deps.db, post.post.id)).toMatchObject({ like: 1 });
  });

  test('A38 an announced copy of somebody’s note is not believed, and nobody else is asked', async () => {
    const { evil, url } = blog();
    const forged = noteOf(bob, { inReplyTo: post.id, content: '<p>Never said.</p>' });
    const hits = evil.hits.length;
    expect((await sendSigned(url, mallory, activityOf(mallory, 'Announce', forged))).status).toBe(202);
    await blog().idle();
    expect(await commentOf(forged)).toBeNull();
    expect(evil.hits.slice(hits).filter(({ path }) => !path.includes('mallory'))).toEqual([]);
  });

  test.each([
    [
      'A28 an LD signature',
      { signature: { type: 'RsaSignature2017', creator: 'KEY', signatureValue: 'AAAA' } },
    ],
    ['A30 forwarding', {}],
  ])('%s gives no authority: only what the author’s own server has counts', async (_case, members) => {
    const { good, url } = blog();
    const forged = noteOf(bob, { inReplyTo: post.id, content: '<p>Never said.</p>' });
    const hits = good.hits.length;
    const received = await sendSigned(url, mallory, activityOf(bob, 'Create', forged, members));
    expect([202, 403]).toContain(received.status);
    await blog().idle();
    expect(await commentOf(forged)).toBeNull();
    const asked = good.hits.slice(hits).map(({ path }) => path);
    expect(asked.every((path) => path === new URL(String(forged.id)).pathname)).toBe(true);
  });

  test('A30 nobody can have us ask a server for what does not concern us', async () => {
    const { good, evil, url } = blog();
    const hits = good.hits.length + evil.hits.length;
    const unrelated = [
      activityOf(bob, 'Create', noteOf(bob)),
      activityOf(bob, 'Create', noteOf(bob, { inReplyTo: `${good.origin}/notes/other` })),
      activityOf(bob, 'Create', `${good.origin}/expensive?x=1`),
      activityOf(bob, 'Update', `${good.origin}/expensive?x=2`),
      activityOf(bob, 'Delete', `${good.origin}/expensive?x=3`),
      activityOf(mallory, 'Announce', activityOf(bob, 'Create', noteOf(bob))),
      activityOf(mallory, 'Announce', `${good.origin}/expensive?x=4`),
      activityOf(mallory, 'Like', `${good.origin}/expensive?x=5`),
    ];
    for (const activity of unrelated)
      expect([202, 403]).toContain((await sendSigned(url, mallory, activity)).status);
    await blog().idle();
    expect(good.hits.length + evil.hits.length).toBe(hits);
  });

  test('A30 an Update that is passed on cannot take over or remove a comment', async () => {
    const { url } = blog();
    for (const type of ['Update', 'Delete']) {
      const object = type === 'Update' ? { ...said, content: 'Forged.' } : said.id;
      // Its own server answers 404, which proves neither.
      blog().good.on(new URL(String(said.id)).pathname, said);
      await sendSigned(url, mallory, activityOf(bob, type, object));
      await blog().idle();
    }
    expect(await commentOf(said)).toMatchObject({ text: 'Bob’s own words.', externalAuthorId: bob.id });
  });

  test('what somebody passed on first does not hide what its author sends later', async () => {
    const { url } = blog();
    const create = answer(bob, { content: '<p>Late and true.</p>' });
    expect((await sendSigned(url, mallory, create)).status).toBe(202);
    await blog().idle();
    expect((await sendSigned(url, bob, create)).status).toBe(202);
    await blog().idle();
    expect(await commentOf(create.object as Json)).toMatchObject({ text: 'Late and true.' });
  });

  test('A41 a Move of somebody else is ignored', async () => {
    const { app, url } = blog();
    const second = blog().evil.actor('mallory2', { alsoKnownAs: [bob.id] });
    await sendSigned(url, mallory, activityOf(mallory, 'Move', bob.id, { target: second.id }));
    await blog().idle();
    const followers = (await blog().run('followers', 'alice')) as { actor: string }[];
    expect(followers.map(({ actor }) => actor)).toEqual([bob.id]);
    expect(await commentOf(said)).toMatchObject({ externalAuthorId: bob.id });
    expect(await countReactions(app.deps.db, post.post.id)).toMatchObject({ like: 1 });
  });

  test('A41 a Move to an account that does not know the old one is ignored', async () => {
    const { url } = blog();
    await accept(bob, activityOf(bob, 'Move', bob.id, { target: neighbour.id }));
    void url;
    const followers = (await blog().run('followers', 'alice')) as { actor: string }[];
    expect(followers.map(({ actor }) => actor)).toEqual([bob.id]);
  });
});
