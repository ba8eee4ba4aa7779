import { afterAll, beforeAll, expect, test } from 'vitest';
import { findReceivedComment } from '../../../../src/comments/comment-store.ts';
import { countReactions, listReactions } from '../../../../src/reactions/reaction-store.ts';
import {
  activityOf,
  type FederatedApp,
  freshId,
  noteOf,
  PUBLIC,
  startFederatedApp,
  undoOf,
} from '../../../support/federated-app.ts';
import type { Json, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let bob: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  bob = app.peer('good.example').actor('bob');
});
afterAll(() => app.close());

let posts = 0;
async function freshPost() {
  posts += 1;
  const published = await app.publish({ title: `Post ${posts}`, slug: `post-${posts}` });
  return { ...published, counts: () => countReactions(app.app.deps.db, published.post.id) };
}

async function tell(actor: PeerActor, activity: Json): Promise<number> {
  const { status } = await actor.send(app.url, activity);
  await app.idle();
  return status;
}

test('a like and a boost are counted once, with the face of who gave them', async () => {
  const post = await freshPost();
  await tell(bob, activityOf(bob, 'Like', post.id));
  await tell(bob, activityOf(bob, 'Like', post.id));
  await tell(bob, activityOf(bob, 'Announce', post.id, { to: [PUBLIC] }));

  expect(await post.counts()).toMatchObject({ like: 1, boost: 1 });
  const [reaction] = await listReactions(app.app.deps.db, { postId: post.post.id, limit: 10 });
  expect(reaction).toMatchObject({ actorId: bob.id, handle: '@bob@good.example', name: 'Bob' });
  const page = await (await fetch(post.url)).text();
  expect(page).toContain('href="https://good.example/@bob"');
});

test('likes and boosts of the page’s address count for the post', async () => {
  const post = await freshPost();
  await tell(bob, activityOf(bob, 'Like', post.url));
  await tell(bob, activityOf(bob, 'Announce', post.url));
  expect(await post.counts()).toMatchObject({ like: 1, boost: 1 });
});

test('an Undo takes a like back by its id, by a copy with another id, and a boost likewise', async () => {
  const post = await freshPost();
  const like = activityOf(bob, 'Like', post.id);
  await tell(bob, like);
  await tell(bob, undoOf(bob, String(like.id)));
  expect(await post.counts()).toMatchObject({ like: 0, boost: 0 });

  await tell(bob, activityOf(bob, 'Like', post.id));
  await tell(bob, undoOf(bob, { ...like, id: freshId(bob) }));
  expect(await post.counts()).toMatchObject({ like: 0, boost: 0 });

  const boost = activityOf(bob, 'Announce', post.id);
  await tell(bob, boost);
  await tell(bob, undoOf(bob, { id: boost.id, type: 'Announce', actor: bob.id, object: post.id }));
  expect(await post.counts()).toMatchObject({ like: 0, boost: 0 });
});

test('a like that was undone before it came is not counted', async () => {
  const post = await freshPost();
  const like = activityOf(bob, 'Like', post.id);
  await tell(bob, undoOf(bob, like));
  await tell(bob, like);
  expect(await post.counts()).toMatchObject({ like: 0, boost: 0 });
});

test('reactions with an emoji are likes, of which the later one replaces the earlier', async () => {
  const post = await freshPost();
  await tell(bob, activityOf(bob, 'EmojiReact', post.id, { content: '🔥' }));
  await tell(bob, activityOf(bob, 'Like', post.id, { content: '🎉', _misskey_reaction: '🎉' }));
  const all = await listReactions(app.app.deps.db, { postId: post.post.id, limit: 10 });
  expect(all.map(({ kind, emoji }) => ({ kind, emoji }))).toEqual([{ kind: 'like', emoji: '🎉' }]);
});

test('what a community or a relay passes on is no boost', async () => {
  const post = await freshPost();
  const group = app.peer('community.example').actor('blogs', { type: 'Group' });
  const relay = app.peer('community.example').actor('relay', { type: 'Application' });
  await tell(group, activityOf(group, 'Announce', post.id));
  await tell(relay, activityOf(relay, 'Announce', post.id));
  expect(await post.counts()).toMatchObject({ like: 0, boost: 0 });
});

test('a comment that a community wraps is taken from its own server, one that it forged is not', async () => {
  const post = await freshPost();
  const group = app.peer('community.example').actor('talk', { type: 'Group' });
  const note = noteOf(bob, { inReplyTo: post.id, content: '<p>From a member.</p>' });
  app.peer('good.example').serve(String(note.id), note);
  const forged = noteOf(bob, { inReplyTo: post.id, content: '<p>Never said.</p>' });
  const wrap = (object: Json) =>
    activityOf(group, 'Announce', activityOf(bob, 'Create', { ...object, content: 'Changed.' }));

  await tell(group, wrap(note));
  await tell(group, wrap(note));
  await tell(group, wrap(forged));

  const { db } = app.app.deps;
  expect(await findReceivedComment(db, 'fediverse', String(note.id))).toMatchObject({
    text: 'From a member.',
  });
  expect(await findReceivedComment(db, 'fediverse', String(forged.id))).toBeNull();
});

test('a like that a community wraps counts when the member’s server confirms it', async () => {
  const post = await freshPost();
  const group = app.peer('community.example').actor('votes', { type: 'Group' });
  const like = activityOf(bob, 'Like', post.id);
  const forged = activityOf(app.peer('good.example').actor('carl'), 'Like', post.id);
  app.peer('good.example').serve(String(like.id), like);

  await tell(group, activityOf(group, 'Announce', like));
  await tell(group, activityOf(group, 'Announce', forged));

  expect(await post.counts()).toMatchObject({ like: 1, boost: 0 });
});

test('an announced copy of somebody’s note is ignored', async () => {
  const post = await freshPost();
  const mallory = app.peer('evil.example').actor('mallory');
  const note = noteOf(bob, { inReplyTo: post.id });
  await tell(mallory, activityOf(mallory, 'Announce', note));
  expect(await findReceivedComment(app.app.deps.db, 'fediverse', String(note.id))).toBeNull();
});

test('a Move is believed only where the new account knows the old one, and changes nothing that was written', async () => {
  const post = await freshPost();
  const peer = app.peer('moved.example');
  const old = app.peer('good.example').actor('old');
  const renewed = peer.actor('new', { document: { alsoKnownAs: [old.id] } });
  const note = noteOf(old, { inReplyTo: post.id });
  await tell(old, activityOf(old, 'Create', note));

  expect(await tell(old, activityOf(old, 'Move', old.id, { target: renewed.id }))).toBe(202);
  const mallory = app.peer('evil.example').actor('mover');
  expect(await tell(mallory, activityOf(mallory, 'Move', bob.id, { target: mallory.id }))).toBe(202);

  const comment = await findReceivedComment(app.app.deps.db, 'fediverse', String(note.id));
  expect(comment?.externalAuthorId).toBe(old.id);
});

test('a report is for those who run the site and stands on no page', async () => {
  const post = await freshPost();
  const flag = activityOf(bob, 'Flag', [app.author, post.id], { content: 'This is wrong.' });
  expect(await tell(bob, flag)).toBe(202);
  expect(await (await fetch(post.url)).text()).not.toContain('This is wrong.');
  expect(await app.run('mentions', 'alice')).toEqual([]);
});
