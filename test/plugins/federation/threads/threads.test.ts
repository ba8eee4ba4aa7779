import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FederationContext, tablesOf } from '../../../../plugins/federation/context.ts';
import { findAnswer } from '../../../../plugins/federation/threads/answer-store.ts';
import { findReceivedComment, listComments } from '../../../../src/comments/comment-store.ts';
import { moderateComments, replyToComment } from '../../../../src/comments/moderate-comments.ts';
import { unpublishPost } from '../../../../src/posts/publish-post.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  freshId,
  noteOf,
  type Published,
  startFederatedApp,
  undoOf,
} from '../../../support/federated-app.ts';
import type { Json, Peer, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let good: Peer;
let other: Peer;
let bob: PeerActor;
let carla: PeerActor;
let fan: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  good = app.peer('good.example');
  other = app.peer('other.example');
  bob = good.actor('bob');
  carla = other.actor('carla');
  fan = app.peer('friend.example').actor('fan');
  await fan.send(app.url, followOf(fan, app.author));
  await app.idle();
});
afterAll(() => app.close());

const federation = () => app.app.plugins.find('federation')?.context as unknown as FederationContext;
const commentOf = (note: Json) => findReceivedComment(app.app.deps.db, 'fediverse', String(note.id));

async function tell(actor: PeerActor, activity: Json): Promise<number> {
  const { status } = await actor.send(app.url, activity);
  await app.idle();
  return status;
}

/** A note that its server serves, and nobody has sent. */
function unseen(actor: PeerActor, members: Json): Json {
  const note = noteOf(actor, members);
  app.peer(new URL(actor.id).host).serve(String(note.id), { '@context': context, ...note });
  return note;
}

const context = 'https://www.w3.org/ns/activitystreams';
const tellOf = (actor: PeerActor, note: Json) => tell(actor, activityOf(actor, 'Create', note));

describe('an answer to what was never seen here', () => {
  test('brings along what stands above it, each as a pending comment in its place', async () => {
    const post = await app.publish();
    const first = unseen(carla, { inReplyTo: post.id, content: '<p>First.</p>' });
    const second = unseen(bob, { inReplyTo: first.id, content: '<p>Second.</p>' });
    const third = unseen(carla, { inReplyTo: second.id });

    await tellOf(carla, third);

    const stored = await Promise.all([first, second, third].map(commentOf));
    expect(stored.map((comment) => comment?.status)).toEqual(['pending', 'pending', 'pending']);
    expect(stored.map((comment) => comment?.parentId)).toEqual([null, stored[0]?.id, stored[1]?.id]);
    expect(stored[0]).toMatchObject({ text: 'First.', externalAuthorId: carla.id });
  });

  test('is followed up a long chain by later jobs, twelve requests at a time', async () => {
    const post = await app.publish();
    const chain = [unseen(bob, { inReplyTo: post.id })];
    while (chain.length < 25) chain.push(unseen(bob, { inReplyTo: chain.at(-1)?.id }));
    await tellOf(carla, unseen(carla, { inReplyTo: chain.at(-1)?.id }));

    expect(await listComments(app.app.deps.db, { postId: post.post.id, limit: 100 })).toHaveLength(26);
  });

  test('leaves nothing behind where it leads elsewhere, in a circle, or to nothing public of ours', async () => {
    const post = await app.publish();
    const stranger = unseen(bob, { content: '<p>About something else.</p>' });
    const circle = noteOf(bob, {});
    circle.inReplyTo = unseen(bob, { inReplyTo: circle.id }).id;
    good.serve(String(circle.id), { '@context': context, ...circle });
    const selfish = noteOf(bob, {});
    selfish.inReplyTo = selfish.id;
    good.serve(String(selfish.id), { '@context': context, ...selfish });
    const tops = [stranger, circle, selfish, { id: `${app.url}/ap/posts/${crypto.randomUUID()}` }];
    const notes = tops.map((top) => unseen(carla, { inReplyTo: unseen(bob, { inReplyTo: top.id }).id }));
    for (const note of notes) await tellOf(carla, note);

    for (const note of [...notes, stranger, circle, selfish]) expect(await commentOf(note)).toBeNull();
    expect(await listComments(app.app.deps.db, { postId: post.post.id, limit: 10 })).toEqual([]);
  });

  test('never shows what is private in between, and stands above it', async () => {
    const post = await app.publish();
    const hidden = unseen(bob, { inReplyTo: post.id, to: [`${bob.id}/followers`], cc: [] });
    const note = unseen(carla, { inReplyTo: hidden.id });
    await tellOf(carla, note);

    expect(await commentOf(hidden)).toBeNull();
    expect(await commentOf(note)).toMatchObject({ parentId: null, postId: post.post.id });
  });

  test('stands below the post whose discussion it names, without what it answers elsewhere', async () => {
    const post = await app.publish();
    const stranger = unseen(bob, { content: '<p>About something else.</p>' });
    const above = unseen(bob, { inReplyTo: stranger.id });
    const note = unseen(carla, { inReplyTo: above.id, context: `${post.id}/context` });
    const below = unseen(carla, { inReplyTo: note.id });
    await tellOf(carla, below);

    expect(await commentOf(note)).toMatchObject({ parentId: null, postId: post.post.id });
    expect(await commentOf(below)).toMatchObject({ parentId: (await commentOf(note))?.id });
    for (const other of [stranger, above]) expect(await commentOf(other)).toBeNull();
  });

  test('stands below the post where more than 32 others in between are gone', async () => {
    const post = await app.publish();
    const chain = [noteOf(bob, { inReplyTo: post.id })];
    while (chain.length < 40) chain.push(noteOf(bob, { inReplyTo: chain.at(-1)?.id }));
    for (const note of chain) await tellOf(bob, note);
    for (const note of chain) await tell(bob, activityOf(bob, 'Delete', { id: note.id, type: 'Tombstone' }));
    const note = unseen(carla, { inReplyTo: chain.at(-1)?.id });
    await tellOf(carla, note);

    expect(await commentOf(note)).toMatchObject({ parentId: null, postId: post.post.id });
  });

  test('asks nothing of blocked servers', async () => {
    const post = await app.publish();
    const spam = app.peer('spam.example');
    const spammer = spam.actor('spammer');
    await app.run('block', 'spam.example');
    const above = unseen(spammer, { inReplyTo: post.id });
    await tellOf(carla, unseen(carla, { inReplyTo: above.id }));

    expect(spam.fetched).toEqual([]);
    expect(await listComments(app.app.deps.db, { postId: post.post.id, limit: 10 })).toEqual([]);
  });

  test('that somebody else passes on waits without anything being asked, until what it answers is here', async () => {
    const post = await app.publish();
    const first = noteOf(bob, { inReplyTo: post.id });
    const second = unseen(carla, { inReplyTo: first.id });
    const before = other.fetched.length;
    await tell(fan, activityOf(carla, 'Create', second));
    expect(other.fetched.length).toBe(before);

    await tellOf(bob, first);
    expect(await commentOf(second)).toMatchObject({ parentId: (await commentOf(first))?.id });
  });
});

describe('answers that other servers hold', () => {
  const collection = (id: unknown, type: string, members: Json) => {
    good.serve(String(id), { '@context': context, id, type, ...members });
  };

  async function asked(post: Published, members: (id: string) => Json): Promise<Json> {
    const id = freshId(bob, 'notes');
    const note = unseen(bob, { id, inReplyTo: post.id, ...members(id) });
    await tellOf(bob, note);
    return note;
  }

  test('are found through replies, page by page, and not in circles', async () => {
    const post = await app.publish();
    const id = freshId(bob, 'notes');
    const answers = [1, 2, 3].map(() => unseen(carla, { inReplyTo: id }));
    const stranger = unseen(carla, { inReplyTo: 'https://other.example/notes/elsewhere' });
    const [one, two, three] = answers.map((answer) => answer.id);
    collection(`${id}/replies`, 'Collection', { first: `${id}/replies?page=1` });
    collection(`${id}/replies?page=1`, 'CollectionPage', { items: [one, two], next: `${id}/replies?page=2` });
    collection(`${id}/replies?page=2`, 'CollectionPage', {
      // What is embedded is not believed, only asked for.
      items: [{ id: three, type: 'Note', content: 'Forged', inReplyTo: id }, stranger.id],
      next: `${id}/replies?page=1`,
    });
    await asked(post, () => ({ id, replies: `${id}/replies` }));

    const comments = await listComments(app.app.deps.db, { postId: post.post.id, limit: 10 });
    const known = comments.map(({ externalId }) => String(externalId)).sort();
    expect(known).toEqual([id, ...answers.map((answer) => String(answer.id))].sort());
    expect(comments.map(({ text }) => text)).not.toContain('Forged');
    expect(good.fetched.filter((path) => path.endsWith('/replies?page=1'))).toHaveLength(1);
  });

  test('are found through context, and a collection of another server is not read', async () => {
    const post = await app.publish();
    const id = freshId(bob, 'notes');
    const found = unseen(carla, { inReplyTo: id });
    collection(`${id}/context`, 'OrderedCollection', { orderedItems: [id, found.id] });
    const before = other.fetched.length;
    await asked(post, () => ({
      id,
      context: `${id}/context`,
      replies: 'https://other.example/somebody/elses/replies',
    }));

    expect(await commentOf(found)).toMatchObject({ postId: post.post.id });
    expect(other.fetched.slice(before)).not.toContain('/somebody/elses/replies');
  });

  test('are looked for again on a schedule that fades, and on demand', async () => {
    const post = await app.publish();
    const id = freshId(bob, 'notes');
    const replies = (items: unknown[]) => collection(`${id}/replies`, 'Collection', { items });
    replies([]);
    await asked(post, () => ({ id, replies: `${id}/replies` }));
    const looks = () =>
      good.fetched.filter((path) => path.endsWith(`${new URL(id).pathname}/replies`)).length;
    expect(looks()).toBe(1);

    const later = unseen(carla, { inReplyTo: id });
    replies([later.id]);
    app.advance(21 * 60);
    await app.app.deps.jobs.add(app.app.deps.db, { kind: 'plugin:federation:look-around', payload: null });
    await app.idle();
    expect(await commentOf(later)).toMatchObject({ status: 'pending' });
    const after = looks();
    await app.app.deps.jobs.add(app.app.deps.db, { kind: 'plugin:federation:look-around', payload: null });
    await app.idle();
    expect(looks()).toBe(after);

    const last = unseen(carla, { inReplyTo: id });
    replies([later.id, last.id]);
    expect(await app.run('fetch-replies', post.post.slug)).toMatchObject({ post: post.post.id, asked: 2 });
    await app.idle();
    expect(await commentOf(last)).not.toBeNull();
  });

  test('are not looked for where the post is not public any more, nor do such answers stand before others', async () => {
    const post = await app.publish();
    const note = unseen(bob, { inReplyTo: post.id });
    note.replies = `${note.id}/replies`;
    good.serve(String(note.id), { '@context': context, ...note });
    await tellOf(bob, note);
    const dueAt = async () => {
      const row = await findAnswer(tablesOf(federation()), String(note.id));
      return row?.look_at;
    };
    expect(await dueAt()).toEqual(expect.any(String));
    await unpublishPost(app.app.deps, post.post.id);
    app.advance(21 * 60);
    await app.app.deps.jobs.add(app.app.deps.db, { kind: 'plugin:federation:look-around', payload: null });
    await app.idle();
    expect(await dueAt()).toBeNull();
  });

  test('do not come back once they were deleted here', async () => {
    const post = await app.publish();
    const note = unseen(bob, { inReplyTo: post.id });
    await tellOf(bob, note);
    await moderateComments(app.app.deps, [(await commentOf(note))?.id ?? ''], 'delete');
    await app.idle();
    await tell(bob, activityOf(bob, 'Update', { ...note, content: '<p>Once more</p>' }));
    await tellOf(carla, unseen(carla, { inReplyTo: note.id }));

    expect(await commentOf(note)).toBeNull();
    const [left] = await listComments(app.app.deps.db, { postId: post.post.id, limit: 10 });
    expect(left).toMatchObject({ parentId: null, externalAuthorId: carla.id });
  });
});

describe('an answer that is addressed to the author’s followers', () => {
  const signature = { type: 'RsaSignature2017', creator: 'x', signatureValue: 'x' };
  const friend = () => app.peer('friend.example');
  const forwarded = (id: unknown) => friend().delivered.filter(({ activity }) => activity.id === id);

  async function approve(note: Json) {
    await moderateComments(app.app.deps, [(await commentOf(note))?.id ?? ''], 'approve');
    await app.idle();
  }

  test('is passed on as it came, once it is approved, and so are its change and its end', async () => {
    const post = await app.publish();
    const cc = [`${app.author}/followers`];
    const note = noteOf(bob, { inReplyTo: post.id, cc });
    const create = activityOf(bob, 'Create', note, { cc, signature });
    await tell(bob, create);
    expect(forwarded(create.id)).toEqual([]);

    await approve(note);
    expect(forwarded(create.id).map(({ activity }) => activity)).toEqual([create]);
    expect(good.delivered.map(({ activity }) => activity.id)).not.toContain(create.id);

    const changed = { ...note, content: '<p>Changed.</p>', updated: new Date().toISOString() };
    const update = activityOf(bob, 'Update', changed, { cc, signature });
    await tell(bob, update);
    await approve(note);
    const end = activityOf(bob, 'Delete', { id: note.id, type: 'Tombstone' }, { signature });
    await tell(bob, end);
    await tell(bob, end);
    expect([update, end].map(({ id }) => forwarded(id).length)).toEqual([1, 1]);
    expect(forwarded(create.id)).toHaveLength(1);
  });

  test('and changes without end is not passed on without end', async () => {
    const post = await app.publish();
    const cc = [`${app.author}/followers`];
    const note = noteOf(carla, { inReplyTo: post.id, cc });
    await tell(carla, activityOf(carla, 'Create', note, { cc, signature }));
    await approve(note);
    const before = friend().delivered.length;
    for (let index = 0; index < 25; index += 1) {
      const updated = new Date(Date.now() - 60_000 + index * 1000).toISOString();
      await tell(carla, activityOf(carla, 'Update', { ...note, updated }, { cc, signature }));
    }
    expect(friend().delivered.length - before).toBeLessThanOrEqual(20);
    expect((await commentOf(note))?.status).toBe('approved');
  });

  test.each([
    ['carries no signature of its own', {}, {}],
    ['is not addressed to them', { signature }, { cc: [] }],
  ])('and %s is not passed on', async (_what, more, members) => {
    const post = await app.publish();
    const note = noteOf(bob, { inReplyTo: post.id, cc: [`${app.author}/followers`], ...members });
    const create = activityOf(bob, 'Create', note, more);
    await tell(bob, create);
    await approve(note);
    expect(forwarded(create.id)).toEqual([]);
  });
});

test('a copy of a like that comes after it was taken back changes nothing', async () => {
  const post = await app.publish();
  const like = activityOf(bob, 'Like', post.id, { published: new Date().toISOString() });
  const counted = async () => {
    const likes = await fetch(`${post.id}/likes`, { headers: { accept: 'application/activity+json' } });
    return ((await likes.json()) as Json).totalItems;
  };
  await tell(bob, like);
  expect(await counted()).toBe(1);
  await tell(bob, undoOf(bob, like));
  await tell(bob, like);
  expect(await counted()).toBe(0);
  await tell(bob, { ...like, published: new Date(Date.now() + 1000).toISOString() });
  expect(await counted()).toBe(1);
});

test('an author’s comment is answered from elsewhere and answers there, with all who take part in its line', async () => {
  const post = await app.publish();
  const first = noteOf(bob, { inReplyTo: post.id });
  await tellOf(bob, first);
  const second = noteOf(carla, { inReplyTo: first.id });
  await tellOf(carla, second);
  const { deps } = app.app;
  await moderateComments(deps, [(await commentOf(first))?.id ?? ''], 'approve');
  const userId = app.owner?.id ?? '';
  const commentId = (await commentOf(second))?.id ?? '';
  const own = await replyToComment(deps, { commentId, userId, markdown: 'Both of you are right.' });
  await app.idle();

  const id = `${app.url}/ap/comments/${own.id}`;
  for (const peer of [good, other]) {
    const sent = peer.delivered.find(({ activity }) => (activity.object as Json).id === id);
    expect(sent?.activity.object).toMatchObject({
      inReplyTo: second.id,
      context: `${post.id}/context`,
      tag: expect.arrayContaining([bob, carla].map((one) => expect.objectContaining({ href: one.id }))),
    });
  }

  const answers = [
    id,
    `${post.url}#comment-${own.id}`,
    id.replace('localhost', 'LOCALHOST'),
    id.replace('http:', 'https:'),
  ];
  for (const inReplyTo of answers) {
    const note = noteOf(bob, { inReplyTo });
    await tellOf(bob, note);
    expect([inReplyTo, (await commentOf(note))?.parentId]).toEqual([inReplyTo, own.id]);
  }

  await tell(bob, activityOf(bob, 'Like', id));
  await tell(carla, activityOf(carla, 'Announce', id));
  const document = await fetch(id, { headers: { accept: 'application/activity+json' } });
  expect(await document.json()).toMatchObject({ likes: { totalItems: 1 }, shares: { totalItems: 1 } });
  const page = await (await fetch(post.url)).text();
  expect(page).toContain('1 like · 1 boost');
});
