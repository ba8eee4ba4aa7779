import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FederationContext } from '../../../../plugins/federation/context.ts';
import { decide, type Rule } from '../../../../plugins/federation/policies/rules.ts';
import { replyToComment } from '../../../../src/comments/moderate-comments.ts';
import { updatePost } from '../../../../src/posts/write-post.ts';
import { countReactions } from '../../../../src/reactions/reaction-store.ts';
import { changeSettings } from '../../../../src/settings/site-settings.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  freshId,
  noteOf,
  PUBLIC,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Json, Peer, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let context: FederationContext;
let good: Peer;
let bob: PeerActor;
let follower: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  context = app.app.plugins.find('federation')?.context as unknown as FederationContext;
  good = app.peer('good.example');
  bob = good.actor('bob');
  follower = good.actor('frida');
  await tell(follower, followOf(follower, app.author));
});
afterAll(() => app.close());

async function tell(actor: PeerActor, activity: Json): Promise<number> {
  const { status } = await actor.send(app.url, activity);
  await app.idle();
  return status;
}

let posts = 0;
async function postWith(fields: Record<string, string>, bodyMarkdown = 'Words.') {
  posts += 1;
  const published = await app.publish({ title: `Ruled ${posts}`, slug: `ruled-${posts}`, bodyMarkdown });
  await updatePost(app.app.deps, published.post.id, { fields: { federation: fields } });
  await app.idle();
  const document = (await (
    await fetch(published.id, { headers: { accept: 'application/activity+json' } })
  ).json()) as Json;
  return { ...published, policy: document.interactionPolicy as Json };
}

const counts = (post: { post: { id: string } }) => countReactions(app.app.deps.db, post.post.id);
const commentOf = (note: Json) => context.comments.findReceived(String(note.id));

describe('a rule', () => {
  const nobodyKnown = { isAuthor: false, isFollower: false, isMentioned: false };
  test.each<[Rule, Partial<typeof nobodyKnown>, string]>([
    ['everybody', {}, 'allowed'],
    ['followers', {}, 'refused'],
    ['followers', { isFollower: true }, 'allowed'],
    ['followers', { isMentioned: true }, 'allowed'],
    ['mentioned', { isFollower: true }, 'refused'],
    ['mentioned', { isMentioned: true }, 'allowed'],
    ['ask', { isFollower: true }, 'ask'],
    ['nobody', { isFollower: true, isMentioned: true }, 'refused'],
    ['nobody', { isAuthor: true }, 'allowed'],
  ])('%s for %j: %s', (rule, standing, kind) => {
    expect(decide('reply', rule, { ...nobodyKnown, ...standing }).kind).toBe(kind);
  });
});

test('what others may do is sent with the post, in the words of each that reads it', async () => {
  const { policy } = await postWith({ canReply: 'followers', canBoost: 'nobody', canQuote: 'ask' });
  const followers = `${app.author}/followers`;
  expect(policy).toEqual({
    canQuote: { automaticApproval: [app.author], manualApproval: [PUBLIC] },
    canReply: {
      automaticApproval: [app.author, followers],
      always: [app.author, followers],
      approvalRequired: [],
    },
    canLike: { automaticApproval: [PUBLIC], always: [PUBLIC], approvalRequired: [] },
    canAnnounce: { automaticApproval: [app.author], always: [app.author], approvalRequired: [] },
  });
});

test('the rule for all posts holds where a post has none', async () => {
  await context.settings.set({ canLike: 'nobody' });
  const plain = await postWith({});
  const open = await postWith({ canLike: 'everybody' });
  for (const post of [plain, open]) expect(await tell(bob, activityOf(bob, 'Like', post.id))).toBe(202);
  await context.settings.set({ canLike: 'everybody' });
  expect(await counts(plain)).toMatchObject({ like: 0 });
  expect(await counts(open)).toMatchObject({ like: 1 });
});

test('likes, boosts and replies that are not allowed are answered politely and not kept', async () => {
  const post = await postWith({ canReply: 'nobody', canLike: 'followers', canBoost: 'followers' });
  const [stranger, friend] = [noteOf(bob, { inReplyTo: post.id }), noteOf(follower, { inReplyTo: post.id })];
  for (const [actor, note] of [
    [bob, stranger],
    [follower, friend],
  ] as const) {
    expect(await tell(actor, activityOf(actor, 'Like', post.id))).toBe(202);
    expect(await tell(actor, activityOf(actor, 'Announce', post.id))).toBe(202);
    expect(await tell(actor, activityOf(actor, 'Create', note))).toBe(202);
  }
  expect(await counts(post)).toMatchObject({ like: 1, boost: 1 });
  expect(await commentOf(stranger)).toBeNull();
  expect(await commentOf(friend)).toBeNull();
});

test('where comments are closed for all posts, nobody is told that they may reply', async () => {
  await changeSettings(app.app.deps, { commentsOpen: false });
  const { policy } = await postWith({});
  await changeSettings(app.app.deps, { commentsOpen: true });
  expect(policy.canReply).toMatchObject({ automaticApproval: [app.author] });
});

test('followers may reply where strangers may not', async () => {
  const post = await postWith({ canReply: 'followers' });
  const [stranger, friend] = [noteOf(bob, { inReplyTo: post.id }), noteOf(follower, { inReplyTo: post.id })];
  await tell(bob, activityOf(bob, 'Create', stranger));
  await tell(follower, activityOf(follower, 'Create', friend));
  expect(await commentOf(stranger)).toBeNull();
  expect(await commentOf(friend)).not.toBeNull();
});

test('those whom the post names may reply where nobody else may', async () => {
  const named = good.actor('named');
  const post = await postWith({ canReply: 'mentioned' }, 'For @named@good.example alone.');
  expect(post.policy.canReply).toMatchObject({ automaticApproval: [app.author, named.id] });
  const [theirs, another] = [noteOf(named, { inReplyTo: post.id }), noteOf(follower, { inReplyTo: post.id })];
  await tell(named, activityOf(named, 'Create', theirs));
  await tell(follower, activityOf(follower, 'Create', another));
  expect(await commentOf(theirs)).not.toBeNull();
  expect(await commentOf(another)).toBeNull();
});

test('whom the author has answered may answer back', async () => {
  const post = await postWith({});
  const { deps } = app.app;
  const question = noteOf(bob, { inReplyTo: post.id });
  await tell(bob, activityOf(bob, 'Create', question));
  const parent = await commentOf(question);
  const answer = await replyToComment(deps, {
    commentId: parent?.id ?? '',
    userId: post.post.authorId,
    markdown: 'Yes.',
  });
  await updatePost(deps, post.post.id, { fields: { federation: { canReply: 'mentioned' } } });
  await app.idle();
  const back = noteOf(bob, { inReplyTo: `${app.url}/ap/comments/${answer.id}` });
  const aside = noteOf(bob, { inReplyTo: post.id });
  await tell(bob, activityOf(bob, 'Create', back));
  await tell(bob, activityOf(bob, 'Create', aside));
  expect(await commentOf(back)).not.toBeNull();
  expect(await commentOf(aside)).toBeNull();
});

describe('GoToSocial’s requests', () => {
  const instruments: Record<string, (actor: PeerActor, id: string) => Json> = {
    ReplyRequest: (actor, id) => noteOf(actor, { inReplyTo: id }),
    LikeRequest: (actor, id) => activityOf(actor, 'Like', id),
    AnnounceRequest: (actor, id) => activityOf(actor, 'Announce', id, { to: [PUBLIC] }),
  };

  function requestOf(actor: PeerActor, type: string, id: string, instrument: Json): Json {
    return activityOf(actor, type, id, { id: freshId(actor, 'interaction_requests'), instrument });
  }

  const answerTo = (request: Json) =>
    good.delivered.find(({ activity }) => (activity.object as Json)?.id === request.id)?.activity;

  test.each([
    ['ReplyRequest', 'ReplyAuthorization'],
    ['LikeRequest', 'LikeAuthorization'],
    ['AnnounceRequest', 'AnnounceAuthorization'],
  ])('%s: what is allowed gets a %s and counts, once', async (type, authorization) => {
    const post = await postWith({});
    const instrument = instruments[type]?.(bob, post.id) ?? {};
    const request = requestOf(bob, type, post.id, instrument);
    await tell(bob, request);
    const accept = answerTo(request);
    expect(accept).toMatchObject({ type: 'Accept', object: { type, instrument: instrument.id } });
    const answer = await fetch(String(accept?.result), { headers: { accept: 'application/activity+json' } });
    expect(await answer.json()).toMatchObject({
      type: authorization,
      attributedTo: app.author,
      interactingObject: instrument.id,
      interactionTarget: post.id,
    });
    // With the authorization it comes once more, the usual way.
    const usual = type === 'ReplyRequest' ? activityOf(bob, 'Create', instrument) : instrument;
    await tell(bob, usual);
    const { like, boost } = await counts(post);
    expect({ like, boost }).toEqual({
      like: type === 'LikeRequest' ? 1 : 0,
      boost: type === 'AnnounceRequest' ? 1 : 0,
    });
    expect((await commentOf(instrument)) !== null).toBe(type === 'ReplyRequest');
  });

  test.each(Object.keys(instruments))('%s: what is not allowed is rejected', async (type) => {
    const post = await postWith({ canReply: 'nobody', canLike: 'nobody', canBoost: 'nobody' });
    const request = requestOf(bob, type, post.id, instruments[type]?.(bob, post.id) ?? {});
    expect(await tell(bob, request)).toBe(202);
    expect(answerTo(request)).toMatchObject({ type: 'Reject' });
    expect(answerTo(request)).not.toHaveProperty('result');
    expect(await counts(post)).toMatchObject({ like: 0, boost: 0 });
  });
});
