import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nameWithoutEmojis } from '../../../../plugins/federation/emoji/custom-emojis.ts';
import { reactionEmoji } from '../../../../plugins/federation/emoji/reaction-emoji.ts';
import { readActivity } from '../../../../plugins/federation/vocabulary/activity.ts';
import { listReactions } from '../../../../src/reactions/reaction-store.ts';
import { activityOf, type FederatedApp, startFederatedApp, undoOf } from '../../../support/federated-app.ts';
import type { Json, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let bob: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  bob = app.peer('good.example').actor('bob');
});
afterAll(() => app.close());

async function tell(actor: PeerActor, activity: Json): Promise<void> {
  await actor.send(app.url, activity);
  await app.idle();
}

const emojiTag = (name: string) => ({
  type: 'Emoji',
  name,
  icon: {
    type: 'Image',
    mediaType: 'image/png',
    url: `https://good.example/${name.replaceAll(':', '')}.png`,
  },
});

const reaction = (content: string, members: Json = {}) =>
  reactionEmoji({
    content,
    emojis: [{ name: 'blob', iconUrl: 'https://good.example/blob.png' }],
    ...members,
  });

test.each([
  ['🔥', { emoji: '🔥', emojiUrl: null }],
  ['👩‍🚀', { emoji: '👩‍🚀', emojiUrl: null }],
  ['❤', { emoji: '❤', emojiUrl: null }],
  [':blob:', { emoji: ':blob:', emojiUrl: 'https://good.example/blob.png' }],
  [':blob@other.example:', { emoji: ':blob:', emojiUrl: 'https://good.example/blob.png' }],
  [':unknown:', { emoji: ':unknown:', emojiUrl: null }],
  ['buy this', { emoji: null, emojiUrl: null }],
  ['<b>', { emoji: null, emojiUrl: null }],
])('a reaction of %j is shown as an emoji, or as no more than a like', (content, shown) => {
  expect(reaction(content)).toEqual(shown);
});

test('an emoji that was replaced can be taken back without the one in its place', async () => {
  const post = await app.publish({ slug: 'replaced' });
  const first = activityOf(bob, 'EmojiReact', post.id, { content: '🔥' });
  const second = activityOf(bob, 'Like', post.id, { content: ':blob:', tag: [emojiTag(':blob:')] });
  await tell(bob, first);
  await tell(bob, second);
  await tell(bob, undoOf(bob, first));
  const all = () => listReactions(app.app.deps.db, { postId: post.post.id, limit: 10 });
  expect((await all()).map(({ emoji, emojiUrl }) => ({ emoji, emojiUrl }))).toEqual([
    { emoji: ':blob:', emojiUrl: 'https://good.example/blob.png' },
  ]);
  await tell(bob, undoOf(bob, { ...second, id: undefined }));
  expect(await all()).toEqual([]);
});

test('reactions are counted by emoji on the page, with pictures from here', async () => {
  const post = await app.publish({ slug: 'counted' });
  for (const [name, content] of [
    ['ann', '🔥'],
    ['ben', '🔥'],
    ['cat', ':blob:'],
  ] as const) {
    const actor = app.peer('good.example').actor(name);
    await tell(actor, activityOf(actor, 'EmojiReact', post.id, { content, tag: [emojiTag(':blob:')] }));
  }
  const page = await (await fetch(post.url)).text();
  expect(page).toMatch(
    /<bdi>🔥<\/bdi> <span class="reaction-given"><span class="visually-hidden">times <\/span>2</,
  );
  expect(page).toMatch(/<img class="emoji" src="\/pictures\/emoji\/[^"]+" alt=":blob:"/);
  expect(page).not.toContain('good.example/blob.png');
});

const fixtures = path.resolve(import.meta.dirname, '../../../../../shared/fixtures');
test.runIf(existsSync(fixtures)).each([
  ['misskey/like-emoji-react.json', { emoji: ':pudding:', emojiUrl: 'http://somewhere/' }],
  ['pleroma/emoji-react.json', { emoji: '👌', emojiUrl: null }],
])('%s is read', (file, shown) => {
  const json = JSON.parse(readFileSync(path.join(fixtures, file), 'utf8')) as Json;
  // The file has its id from one server and its actor from another.
  const reading = readActivity({ ...json, id: `${json.actor}#reactions/2` });
  if (reading.kind !== 'activity') throw new Error(reading.reason);
  const { emoji, emojiUrl } = reactionEmoji(reading.activity);
  expect({ emoji, emojiUrl: emojiUrl && new URL(emojiUrl).href }).toEqual(shown);
});

test('in a list of many the names stand without their pictures', () => {
  const emojis = [{ name: 'verified', url: 'https://good.example/v.png' }];
  expect(nameWithoutEmojis('Ann :verified: B', emojis, 'ann')).toBe('Ann B');
  expect(nameWithoutEmojis(':verified:', emojis, 'ann')).toBe('ann');
  expect(nameWithoutEmojis('At 12:30:45', emojis, 'ann')).toBe('At 12:30:45');
});
