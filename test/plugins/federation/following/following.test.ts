import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activityOf, type FederatedApp, startFederatedApp, undoOf } from '../../../support/federated-app.ts';
import type { Json, Peer, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let peer: Peer;
beforeAll(async () => {
  app = await startFederatedApp();
  peer = app.peer('good.example');
});
afterAll(() => app.close());

type Entry = { actor: string; state: string };
const following = async () => (await app.run('following', 'alice')) as Entry[];
const stateOf = async (actor: PeerActor) =>
  (await following()).find((entry) => entry.actor === actor.id)?.state ?? null;

let names = 0;
/** Somebody new whom the author has asked to follow, with the Follow as it came there. */
async function asked(
  options: Parameters<Peer['actor']>[1] = {},
): Promise<{ actor: PeerActor; follow: Json }> {
  names += 1;
  const actor = peer.actor(`followed${names}`, options);
  await app.run('follow', 'alice', `@followed${names}@good.example`);
  await app.idle();
  const sent = peer.delivered.find(({ type, activity }) => type === 'Follow' && activity.object === actor.id);
  if (!sent) throw new Error('No Follow came.');
  expect(sent.url).toBe(actor.inbox);
  return { actor, follow: sent.activity };
}

async function tell(actor: PeerActor, activity: Json): Promise<number> {
  const { status } = await actor.send(app.url, activity);
  await app.idle();
  return status;
}

const items = async (): Promise<unknown[]> => {
  const answer = await fetch(`${app.author}/following?page=1`, {
    headers: { accept: 'application/activity+json' },
  });
  return ((await answer.json()) as { orderedItems: unknown[] }).orderedItems;
};

test('a Follow goes to the account’s own inbox, and counts once it is accepted', async () => {
  const { actor, follow } = await asked();
  expect(follow).toMatchObject({ type: 'Follow', actor: app.author, object: actor.id, to: [actor.id] });
  expect(await stateOf(actor)).toBe('requested');
  expect(await items()).not.toContain(actor.id);

  expect(await tell(actor, activityOf(actor, 'Accept', follow))).toBe(202);

  expect(await following()).toContainEqual({
    actor: actor.id,
    handle: `@${actor.name}@good.example`,
    name: expect.any(String),
    inbox: actor.inbox,
    sharedInbox: 'https://good.example/inbox',
    since: expect.any(String),
    state: 'accepted',
  });
  expect(await items()).toContain(actor.id);
  const collection = await fetch(`${app.author}/following`, {
    headers: { accept: 'application/activity+json' },
  });
  expect(await collection.json()).toMatchObject({
    type: 'OrderedCollection',
    totalItems: expect.any(Number),
  });
});

describe('an answer is understood', () => {
  const accepts: Record<string, (actor: PeerActor, follow: Json) => Json> = {
    'by the id of the Follow alone, as Mitra writes it': (actor, follow) =>
      activityOf(actor, 'Accept', follow.id, { to: [app.author] }),
    'with the Follow under another id': (actor, follow) =>
      activityOf(actor, 'Accept', { ...follow, id: `${actor.id}#follow/1` }, { to: [app.author] }),
    'without an addressee, as Flipboard writes it': (actor, follow) => {
      const { to: _, ...inner } = follow;
      return activityOf(actor, 'Accept', inner);
    },
    'with a Follow that has no id': (actor, { id: _, ...inner }) => activityOf(actor, 'Accept', inner),
    'without an id of its own': (actor, follow) => {
      const { id: _, ...activity } = activityOf(actor, 'Accept', follow);
      return activity;
    },
    'by an id that was never sent, where nothing else was asked': (actor) =>
      activityOf(actor, 'Accept', `${app.url}/ap/activities/unknown`, { to: [app.author] }),
  };
  test.each(Object.entries(accepts))('%s', async (_, accept) => {
    const { actor, follow } = await asked();
    expect(await tell(actor, accept(actor, follow))).toBe(202);
    expect(await stateOf(actor)).toBe('accepted');
  });
});

test('nobody else can accept, and what is accepted is not another activity', async () => {
  const { actor, follow } = await asked();
  const mallory = app.peer('evil.example').actor('mallory');
  expect(await tell(mallory, activityOf(mallory, 'Accept', follow))).toBe(202);
  expect(await tell(actor, activityOf(actor, 'Accept', { ...follow, type: 'Join' }))).toBe(202);
  expect(await stateOf(actor)).toBe('requested');
});

test('a Reject is shown, one after an Accept ends the following, and asking again is possible', async () => {
  const { actor, follow } = await asked();
  await tell(actor, activityOf(actor, 'Reject', follow));
  expect(await stateOf(actor)).toBe('rejected');

  await app.run('follow', 'alice', actor.id);
  await app.idle();
  const again = peer.delivered.filter(({ activity }) => activity.object === actor.id);
  expect(again).toHaveLength(2);
  expect(again[1]?.activity.id).not.toBe(follow.id);
  await tell(actor, activityOf(actor, 'Accept', again[1]?.activity));
  expect(await stateOf(actor)).toBe('accepted');

  // The rejection of something else changes nothing.
  await tell(actor, activityOf(actor, 'Reject', `${app.url}/ap/activities/another`, { to: [app.author] }));
  expect(await stateOf(actor)).toBe('accepted');
  await tell(actor, activityOf(actor, 'Reject', again[1]?.activity.id));
  expect(await stateOf(actor)).toBeNull();
});

test('an unfollow is told with the whole Follow, and a late Accept changes nothing', async () => {
  const { actor, follow } = await asked();
  await app.run('unfollow', 'alice', `@${actor.name}@good.example`);
  await app.idle();

  const undo = peer.delivered.findLast(({ type }) => type === 'Undo');
  expect(undo?.url).toBe(actor.inbox);
  expect(undo?.activity).toMatchObject({
    actor: app.author,
    object: { id: follow.id, type: 'Follow', actor: app.author, object: actor.id },
  });
  await tell(actor, activityOf(actor, 'Accept', follow));
  expect(await stateOf(actor)).toBeNull();
  await expect(app.run('unfollow', 'alice', actor.id)).rejects.toThrow('is not followed');
});

test('what cannot be followed is said in a sentence', async () => {
  await expect(app.run('follow', 'alice', '@nobody@good.example')).rejects.toThrow('nobody');
  await expect(app.run('follow', 'alice', app.author)).rejects.toThrow('an account of this site');
  await expect(app.run('follow', 'alice', 'not a handle')).rejects.toThrow('no handle');
});

test('of two accounts with one name, a community is meant by an exclamation mark', async () => {
  const group = peer.actor('twins', { id: 'https://good.example/c/twins', type: 'Group' });
  const person = peer.actor('twins', { id: 'https://good.example/u/twins' });
  peer.serveAccount('twins', {
    subject: 'acct:twins@good.example',
    links: [
      { rel: 'self', type: 'application/activity+json', href: person.id, properties: typeOf('Person') },
      { rel: 'self', type: 'application/activity+json', href: group.id, properties: typeOf('Group') },
    ],
  });
  await app.run('follow', 'alice', '!twins@good.example');
  expect(await stateOf(group)).toBe('requested');
  await app.run('follow', 'alice', '@twins@good.example');
  expect(await stateOf(person)).toBe('requested');

  const post = await app.publish({ title: 'Dear twin', bodyMarkdown: 'Hello @twins@good.example.' });
  const object = await (await fetch(post.id, { headers: { accept: 'application/activity+json' } })).json();
  expect(object.tag).toContainEqual({ type: 'Mention', href: person.id, name: '@twins@good.example' });

  await app.run('unfollow', 'alice', '!twins@good.example');
  expect(await stateOf(group)).toBeNull();
  expect(await stateOf(person)).toBe('requested');
});

const typeOf = (type: string) => ({ 'https://www.w3.org/ns/activitystreams#type': type });

test('who blocks an author, is gone or is blocked here is not followed any more', async () => {
  const blocker = await asked();
  await tell(blocker.actor, activityOf(blocker.actor, 'Block', app.author));
  expect(await stateOf(blocker.actor)).toBeNull();

  const leaver = await asked();
  await tell(leaver.actor, activityOf(leaver.actor, 'Delete', leaver.actor.id));
  expect(await stateOf(leaver.actor)).toBeNull();

  const spammer = app.peer('sub.spam.example').actor('spammer');
  await app.run('follow', 'alice', spammer.id);
  await app.run('block', 'spam.example');
  expect(await stateOf(spammer)).toBeNull();
  await expect(app.run('follow', 'alice', spammer.id)).rejects.toThrow('blocked');
});

test('what followed people say elsewhere stays elsewhere', async () => {
  const { actor, follow } = await asked();
  await tell(actor, activityOf(actor, 'Accept', follow));
  const note = { id: `${actor.id}/notes/1`, type: 'Note', attributedTo: actor.id, content: 'Weather.' };
  const to = { to: ['https://www.w3.org/ns/activitystreams#Public'], cc: [`${actor.id}/followers`] };
  expect(await tell(actor, activityOf(actor, 'Create', { ...note, ...to }, to))).toBe(202);
  expect(await app.run('mentions', 'alice')).toEqual([]);
  expect(await tell(actor, undoOf(actor, activityOf(actor, 'Announce', note.id)))).toBe(202);
});

const folder = join(import.meta.dirname, '../../../../../shared/fixtures');
const real = ['lemmy/accept-follow.json', 'mitra/accept-follow-proof.json', 'flipboard/accept-follow.json'];

describe.skipIf(!existsSync(folder))('real answers complete a following', () => {
  test.each(real)('%s', async (path) => {
    const { actor, follow } = await asked();
    const document = JSON.parse(readFileSync(join(folder, path), 'utf8')) as Json;
    const object =
      typeof document.object === 'string'
        ? follow.id
        : { ...(document.object as Json), actor: app.author, object: actor.id };
    const activity: Json = { ...document, id: `${actor.id}#accepts/1`, actor: actor.id, object };
    if (document.to !== undefined) activity.to = [app.author];
    expect(await tell(actor, activity)).toBe(202);
    expect(await stateOf(actor)).toBe('accepted');
  });
});
