import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findReceivedComment } from '../../../../src/comments/comment-store.ts';
import { moderateComments } from '../../../../src/comments/moderate-comments.ts';
import { signIn } from '../../../support/create-test-app.ts';
import { activityOf, type FederatedApp, noteOf, startFederatedApp } from '../../../support/federated-app.ts';
import type { Json, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let bob: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  const emoji = {
    type: 'Emoji',
    name: ':fern:',
    icon: { type: 'Image', url: 'https://good.example/fern.png' },
  };
  bob = app.peer('good.example').actor('bob', { displayName: 'Bob :fern:', document: { tag: [emoji] } });
});
afterAll(() => app.close());

async function tell(activity: Json): Promise<void> {
  expect((await bob.send(app.url, activity)).status).toBe(202);
  await app.idle();
}

/** A reply that is approved, and how it stands on the page. */
async function shown(slug: string, members: Json, type = 'Note') {
  const post = await app.publish({ slug });
  const note: Json = { ...noteOf(bob, { inReplyTo: post.id, ...members }), type };
  await tell(activityOf(bob, 'Create', note));
  const { db } = app.app.deps;
  const find = () => findReceivedComment(db, 'fediverse', String(note.id));
  const comment = await find();
  if (!comment) throw new Error('There is no comment.');
  await moderateComments(app.app.deps, [comment.id], 'approve');
  const page = async () => (await fetch(post.url)).text();
  return { note, comment, find, page, html: await page() };
}

test('a content warning folds the text, on the page and in the queue', async () => {
  const { html, comment } = await shown('warned', {
    summary: 'Spiders',
    sensitive: true,
    content: '<p>Eight legs.</p>',
  });
  expect(comment).toMatchObject({ warning: 'Spiders', text: 'Eight legs.' });
  expect(html).toMatch(
    /<summary><span class="visually-hidden">Content warning: <\/span><bdi>Spiders<\/bdi><\/summary>/,
  );
  await moderateComments(app.app.deps, [comment.id], 'hold');
  const owner = await signIn(app.url, { username: 'alice', password: 'correct horse battery' });
  const queue = await owner.page('/admin/comments');
  expect(queue).toMatch(/Content warning: <\/span><bdi>Spiders<\/bdi>/);
});

test('the language of a text is said, and its direction', async () => {
  const { html } = await shown('spoken', { content: undefined, contentMap: { fa: '<p>سلام</p>' } });
  expect(html).toMatch(/<div class="prose comment-body" lang="fa" dir="rtl">/);
});

test('emoji of a text and of a name are pictures from here', async () => {
  const { html } = await shown('drawn', {
    content: '<p>Nice :fern: and :other:</p>',
    tag: [{ type: 'Emoji', name: 'fern', icon: { url: 'https://good.example/fern.png' } }],
  });
  expect(html).toMatch(
    /<p>Nice <img class="emoji" src="\/pictures\/emoji\/[^"]+" alt=":fern:"[^>]*> and :other:<\/p>/,
  );
  expect(html).toMatch(/<bdi>Bob <img class="emoji" [^>]*alt=":fern:"/);
  expect(html).not.toContain('good.example/fern.png');
});

const option = (name: string, totalItems: number) => ({
  type: 'Note',
  name,
  replies: { type: 'Collection', totalItems },
});

test('a poll is shown as counted; new counts change nothing else, new choices wait for the owner', async () => {
  const { html, note, find, page } = await shown(
    'asked',
    { content: '<p>Which?</p>', oneOf: [option('Tea', 3), option('Coffee', 1)], votersCount: 4 },
    'Question',
  );
  expect(html).toMatch(/Tea<\/bdi> <span class="poll-votes">3 <span class="muted">\(75 %\)/);
  expect(html).toContain('4 people have answered');

  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
  await tell(
    activityOf(bob, 'Update', { ...note, oneOf: [option('Tea', 3), option('Coffee', 5)], updated: at(1) }),
  );
  expect(await find()).toMatchObject({ status: 'approved', poll: { options: [{ votes: 3 }, { votes: 5 }] } });
  expect(await page()).toContain('Coffee</bdi> <span class="poll-votes">5');
  await tell(
    activityOf(bob, 'Update', { ...note, oneOf: [option('Tea', 3), option('Gin', 5)], updated: at(2) }),
  );
  expect(await find()).toMatchObject({ status: 'pending' });
});

test('a vote is no comment', async () => {
  const post = await app.publish({ slug: 'voted' });
  const vote = noteOf(bob, { inReplyTo: post.id, name: 'Tea', content: undefined });
  await tell(activityOf(bob, 'Create', vote));
  expect(await findReceivedComment(app.app.deps.db, 'fediverse', String(vote.id))).toBeNull();
});

const fixtures = path.resolve(import.meta.dirname, '../../../../../shared/fixtures');
test.runIf(existsSync(fixtures)).each([
  ['gotosocial/create-question.json', { poll: { multiple: false, voters: 0 } }],
  ['mastodon/update-question-tally.json', { poll: { voters: 4 } }],
  ['pleroma/note-emoji-in-summary.json', { warning: ':joker_smile:' }],
])('%s as a reply keeps its parts', async (file, parts) => {
  const post = await app.publish({ slug: file.replace(/[^a-z]/g, '-') });
  const json = JSON.parse(readFileSync(path.join(fixtures, file), 'utf8')) as Json;
  const original = (typeof json.object === 'object' ? json.object : json) as Json;
  const note = {
    ...noteOf(bob),
    ...original,
    ...noteOf(bob, { inReplyTo: post.id, content: original.content }),
  };
  await tell(activityOf(bob, 'Create', { ...note, type: original.type }));
  expect(await findReceivedComment(app.app.deps.db, 'fediverse', String(note.id))).toMatchObject(parts);
});
