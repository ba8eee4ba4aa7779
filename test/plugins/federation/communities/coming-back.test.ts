import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findReceivedComment } from '../../../../src/comments/comment-store.ts';
import { moderateComments, replyToComment } from '../../../../src/comments/moderate-comments.ts';
import { countReactions } from '../../../../src/reactions/reaction-store.ts';
import {
  activityOf,
  type FederatedApp,
  noteOf,
  PUBLIC,
  type Published,
  startFederatedApp,
  undoOf,
} from '../../../support/federated-app.ts';
import type { Json, Peer, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let there: Peer;
let elsewhere: Peer;
let group: PeerActor;
/** On the community's server. */
let neighbour: PeerActor;
/** On another. */
let stranger: PeerActor;
let moderator: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  there = app.peer('community.example');
  elsewhere = app.peer('other.example');
  group = there.actor('blogs', { type: 'Group', id: 'https://community.example/c/blogs' });
  neighbour = there.actor('neighbour', { id: 'https://community.example/u/neighbour' });
  stranger = elsewhere.actor('stranger');
  moderator = there.actor('moderator');
});
afterAll(() => app.close());

let posts = 0;
async function freshPost(): Promise<Published> {
  posts += 1;
  const fields = { communities: ['!blogs@community.example'] };
  return app.publish({ title: `Post ${posts}`, slug: `post-${posts}`, fields });
}

async function tell(actor: PeerActor, activity: Json): Promise<void> {
  const { status } = await actor.send(app.url, activity);
  expect(status).toBe(202);
  await app.idle();
}

const passOn = (inner: unknown) => tell(group, activityOf(group, 'Announce', inner, { to: [PUBLIC] }));
const commentOf = (note: Json) => findReceivedComment(app.app.deps.db, 'fediverse', String(note.id));
const countsOf = ({ post }: Published) => countReactions(app.app.deps.db, post.id);
const stateOf = async ({ post }: Published) =>
  ((await app.run('communities', post.id)) as { state: string; reason: string }[])[0];

/** A comment as its own server serves it. */
function served(peer: Peer, actor: PeerActor, members: Json): Json {
  const note: Json = { ...noteOf(actor, members), audience: group.id };
  peer.serve(String(note.id), note);
  return note;
}

test('a comment that comes directly, wrapped and twice is one comment, and a wrapped change changes it', async () => {
  const post = await freshPost();
  const note = served(elsewhere, stranger, { inReplyTo: post.id, content: '<p>First.</p>' });
  await tell(stranger, activityOf(stranger, 'Create', note));
  await passOn(activityOf(stranger, 'Create', note));
  await passOn(activityOf(stranger, 'Create', note));
  const comment = await commentOf(note);
  expect(comment).toMatchObject({ text: 'First.', status: 'pending' });

  const updated = new Date(Date.now() + 1000).toISOString();
  const changed = { ...note, content: '<p>Second.</p>', updated };
  // The copy is not believed; what its server has is.
  await passOn(activityOf(stranger, 'Update', { ...changed, content: '<p>Forged.</p>' }));
  expect(await commentOf(note)).toMatchObject({ text: 'First.' });
  elsewhere.serve(String(note.id), changed);
  await passOn(activityOf(stranger, 'Update', changed));
  expect(await commentOf(note)).toMatchObject({ id: comment?.id, text: 'Second.' });
});

test('an answer that a community passes on before what it answers is taken once that is there', async () => {
  const post = await freshPost();
  const parent = served(elsewhere, stranger, { inReplyTo: post.id, content: '<p>Parent.</p>' });
  const child = served(there, neighbour, { inReplyTo: parent.id, content: '<p>Child.</p>' });
  await passOn(activityOf(neighbour, 'Create', child));
  expect(await commentOf(child)).toBeNull();
  await passOn(activityOf(stranger, 'Create', parent));
  app.advance(40);
  await app.idle();
  expect((await commentOf(child))?.parentId).toBe((await commentOf(parent))?.id);
});

test('nothing is asked for that is about something elsewhere', async () => {
  const note = served(elsewhere, stranger, { inReplyTo: 'https://good.example/notes/1' });
  const before = elsewhere.fetched.length;
  await passOn(activityOf(stranger, 'Create', note));
  await passOn(activityOf(stranger, 'Like', 'https://good.example/notes/1'));
  await passOn(activityOf(stranger, 'Delete', 'https://good.example/notes/1'));
  expect(elsewhere.fetched.slice(before)).toEqual([]);
});

describe('a vote that a community passes on', () => {
  test('counts once by the word of the community’s own server, and so does its taking back', async () => {
    const post = await freshPost();
    const like = activityOf(neighbour, 'Like', post.id);
    await passOn(like);
    await passOn(like);
    await tell(neighbour, like);
    expect(await countsOf(post)).toMatchObject({ like: 1, dislike: 0 });
    await passOn(undoOf(neighbour, like));
    expect(await countsOf(post)).toMatchObject({ like: 0, dislike: 0 });
  });

  test('of another server counts where that server confirms it', async () => {
    const post = await freshPost();
    const vote = activityOf(stranger, 'Dislike', post.id);
    await passOn(vote);
    expect(await countsOf(post)).toMatchObject({ like: 0, dislike: 0 });
    elsewhere.serve(String(vote.id), vote);
    await passOn(vote);
    expect(await countsOf(post)).toMatchObject({ like: 0, dislike: 1 });
    // The taking back is not believed either.
    const undo = undoOf(stranger, vote);
    await passOn(undo);
    expect(await countsOf(post)).toMatchObject({ dislike: 1 });
    elsewhere.serve(String(undo.id), undo);
    await passOn(undo);
    expect(await countsOf(post)).toMatchObject({ dislike: 0 });
  });

  test('of somebody who is blocked here does not count', async () => {
    const post = await freshPost();
    const troll = there.actor('troll');
    await app.run('block', troll.id);
    await passOn(activityOf(troll, 'Dislike', post.id));
    await app.run('unblock', troll.id);
    expect(await countsOf(post)).toMatchObject({ dislike: 0 });
  });

  test('is not believed of a person who is on the voter’s server', async () => {
    const post = await freshPost();
    const mallory = there.actor('mallory');
    await tell(mallory, activityOf(mallory, 'Announce', activityOf(neighbour, 'Like', post.id)));
    expect(await countsOf(post)).toMatchObject({ like: 0, boost: 0 });
  });
});

test('a dislike is counted apart from likes, the later vote of somebody replaces the earlier', async () => {
  const post = await freshPost();
  const dislike = activityOf(stranger, 'Dislike', post.id);
  await tell(stranger, dislike);
  expect(await countsOf(post)).toMatchObject({ like: 0, dislike: 1 });
  await tell(stranger, activityOf(stranger, 'Like', post.id));
  expect(await countsOf(post)).toMatchObject({ like: 1, dislike: 0 });
  await tell(stranger, activityOf(stranger, 'Dislike', post.id));
  const second = activityOf(neighbour, 'Dislike', post.id);
  await tell(neighbour, second);
  expect(await countsOf(post)).toMatchObject({ like: 0, dislike: 2 });
  await tell(neighbour, undoOf(neighbour, String(second.id)));
  expect(await countsOf(post)).toMatchObject({ like: 0, dislike: 1 });
});

test('a community that announces our post or our activity does not boost it, a person who does boosts it', async () => {
  const post = await freshPost();
  const [create] = there.delivered.filter(
    ({ type, activity }) => type === 'Create' && (activity.object as Json).id === post.id,
  );
  expect(await stateOf(post)).toMatchObject({ state: 'told' });
  await passOn(create?.activity);
  expect(await stateOf(post)).toMatchObject({ state: 'listed' });
  await passOn(post.id);
  await passOn(create?.activity.id);
  expect(await countsOf(post)).toMatchObject({ boost: 0 });
  expect(await commentOf({ id: post.id })).toBeNull();

  await tell(stranger, activityOf(stranger, 'Announce', create?.activity));
  await tell(stranger, activityOf(stranger, 'Announce', create?.activity.id));
  await tell(neighbour, activityOf(neighbour, 'Announce', post.id));
  expect(await countsOf(post)).toMatchObject({ boost: 2 });
});

describe('what moderators of a community remove', () => {
  test('stays here where it is ours, and its author is told', async () => {
    const post = await freshPost();
    const removal = activityOf(moderator, 'Delete', post.id, { summary: 'Off topic' });
    await passOn(removal);
    expect((await fetch(post.url)).status).toBe(200);
    expect(await stateOf(post)).toMatchObject({ state: 'removed', reason: 'Off topic' });
    await passOn(undoOf(moderator, removal));
    expect(await stateOf(post)).toMatchObject({ state: 'listed', reason: '' });
  });

  test('goes where it is a comment of the community’s server, and comes back to wait', async () => {
    const post = await freshPost();
    const note = served(there, neighbour, { inReplyTo: post.id, content: '<p>Rude.</p>' });
    await passOn(activityOf(neighbour, 'Create', note));
    const comment = await commentOf(note);
    await moderateComments(app.app.deps, [comment?.id ?? ''], 'approve');
    const removal = activityOf(moderator, 'Delete', note.id, { summary: 'Rude' });
    await passOn(removal);
    expect(await commentOf(note)).toBeNull();
    // Its Create, late: it is gone.
    await passOn(activityOf(neighbour, 'Create', note));
    expect(await commentOf(note)).toBeNull();
    await passOn(undoOf(moderator, removal));
    expect(await commentOf(note)).toMatchObject({ text: 'Rude.', status: 'pending' });
  });

  test('of another server goes only where it is gone there', async () => {
    const post = await freshPost();
    const note = served(elsewhere, stranger, { inReplyTo: post.id, content: '<p>Fair.</p>' });
    await passOn(activityOf(stranger, 'Create', note));
    const removal = activityOf(neighbour, 'Delete', note.id, { summary: 'No' });
    await passOn(removal);
    expect(await commentOf(note)).not.toBeNull();
    elsewhere.serve(String(note.id), 410);
    await passOn(removal);
    expect(await commentOf(note)).toBeNull();
  });

  test('an author who deletes and brings back a comment of theirs is heard', async () => {
    const post = await freshPost();
    const note = served(elsewhere, stranger, { inReplyTo: post.id, content: '<p>Again.</p>' });
    await tell(stranger, activityOf(stranger, 'Create', note));
    const removal = activityOf(stranger, 'Delete', note.id);
    await tell(stranger, removal);
    expect(await commentOf(note)).toBeNull();
    await tell(stranger, undoOf(stranger, removal));
    expect(await commentOf(note)).toMatchObject({ text: 'Again.', status: 'pending' });
  });
});

test('likes, dislikes and boosts of a comment count for the comment', async () => {
  const post = await freshPost();
  const note = served(there, neighbour, { inReplyTo: post.id, content: '<p>Liked.</p>' });
  await tell(neighbour, activityOf(neighbour, 'Create', note));
  const comment = await commentOf(note);
  await moderateComments(app.app.deps, [comment?.id ?? ''], 'approve');
  const { db } = app.app.deps;
  const counts = () => countReactions(db, post.post.id, comment?.id);
  const like = activityOf(stranger, 'Like', note.id);
  await tell(stranger, like);
  await tell(moderator, activityOf(moderator, 'Announce', note.id));
  await passOn(activityOf(neighbour, 'Dislike', note.id));
  expect(await counts()).toMatchObject({ like: 1, dislike: 1, boost: 1 });
  expect(await countsOf(post)).toMatchObject({ like: 0, dislike: 0, boost: 0 });
  await tell(stranger, undoOf(stranger, { ...like, id: `${String(like.id)}#again` }));
  expect(await counts()).toMatchObject({ like: 0, dislike: 1, boost: 1 });
});

test('an author’s answer goes to the community as well, addressed to it', async () => {
  const post = await freshPost();
  const note = served(elsewhere, stranger, { inReplyTo: post.id, content: '<p>Why?</p>' });
  await tell(stranger, activityOf(stranger, 'Create', note));
  const comment = await commentOf(note);
  const input = { commentId: comment?.id ?? '', markdown: 'Because.', userId: app.owner?.id ?? '' };
  await replyToComment(app.app.deps, input);
  await app.idle();
  const answer = there.delivered.findLast(({ url }) => url === group.inbox);
  expect(answer?.activity).toMatchObject({
    type: 'Create',
    audience: group.id,
    object: { type: 'Note', inReplyTo: note.id, audience: group.id, to: [PUBLIC, group.id] },
  });
  expect(answer?.activity.object).not.toHaveProperty('attachment');
});

test.each(['Lock', 'Add', 'Remove', 'Block', 'Flag'])('%s by a community changes nothing', async (type) => {
  const post = await freshPost();
  const before = there.fetched.length;
  await passOn(activityOf(moderator, type, post.id, { target: `${group.id}/featured` }));
  await tell(moderator, activityOf(moderator, type, post.id, { target: `${group.id}/featured` }));
  expect(there.fetched.slice(before).filter((path) => path.startsWith('/activities'))).toEqual([]);
  expect(await countsOf(post)).toMatchObject({ like: 0, dislike: 0, boost: 0 });
  expect((await fetch(post.url)).status).toBe(200);
});

test('a text that a community names without a copy is asked for, where a post went there', async () => {
  const post = await freshPost();
  const note = served(elsewhere, stranger, { inReplyTo: post.id, content: '<p>Named.</p>' });
  const other = app.peer('good.example').actor('others', { type: 'Group' });
  await tell(other, activityOf(other, 'Announce', note.id));
  expect(await commentOf(note)).toBeNull();
  await tell(stranger, activityOf(stranger, 'Announce', note.id));
  expect(await commentOf(note)).toBeNull();
  await passOn(note.id);
  expect(await commentOf(note)).toMatchObject({ text: 'Named.' });
});

test('a community that names much is asked about for a while only', async () => {
  await freshPost();
  const before = elsewhere.fetched.length;
  const names = Array.from({ length: 40 }, (_, n) => `${elsewhere.origin}/unknown/${n}`);
  const answers = await Promise.all(
    names.map((name) => group.send(app.url, activityOf(group, 'Announce', name))),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  await app.idle();
  const asked = elsewhere.fetched.slice(before).filter((path) => path.startsWith('/unknown/'));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThanOrEqual(30);
});

describe('every kind of object', () => {
  const kinds = ['Page', 'Article', 'Note', 'Question', 'Event', 'Video', 'Audio', 'Image'];
  test.each(kinds)('%s is a comment where it answers, directly and by a community', async (type) => {
    const post = await freshPost();
    const members = { type, name: `A ${type}`, content: `<p>Said in a ${type}.</p>`, inReplyTo: post.id };
    const direct = noteOf(stranger, members);
    await tell(stranger, activityOf(stranger, 'Create', direct));
    expect((await commentOf(direct))?.text).toContain(`Said in a ${type}.`);
    const wrapped = served(there, neighbour, members);
    await passOn(activityOf(neighbour, 'Create', wrapped));
    expect((await commentOf(wrapped))?.text).toContain(`Said in a ${type}.`);
  });

  test.each(kinds)('a boost that carries a copy of ours as %s counts for the post', async (type) => {
    const post = await freshPost();
    const copy = { id: post.id, type, attributedTo: app.author, content: 'Never said.' };
    await tell(stranger, activityOf(stranger, 'Announce', copy));
    expect(await countsOf(post)).toMatchObject({ boost: 1 });
  });
});
