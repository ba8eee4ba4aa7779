import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { signInOnPage } from '../browser/sign-in-page.ts';
import { closeBrowser, openContext } from '../support/browser.ts';
import { type OutpostProcess, startOutpost } from '../support/outpost-process.ts';
import { until } from '../support/until.ts';
import { type FedifyPeer, type PeerActivity, startFedifyPeer } from './start-fedify-peer.ts';

/*
 * One journey, told in order: somebody on a server of another make follows an author, reads, answers, likes and leaves.
 * Each test begins where the one before it ended.
 */

type Json = Record<string, unknown>;
type Told = {
  id: string;
  status: string;
  text: string;
  html: string;
  url: string;
  author: Json;
  source: string;
};

const AS_PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
const asJson = { accept: 'application/activity+json' };

let blog: OutpostProcess;
let peer: FedifyPeer;
let admin: Page;
let reader: Page;
let handle: string;
let actor: string;
let post: { id: string; url: string; slug: string };
let article: string;
let follow: string;
let note: string;
let commentId: string;

beforeAll(async () => {
  [blog, peer] = await Promise.all([startOutpost(), startFedifyPeer()]);
  handle = `@alice@localhost:${blog.port}`;
  const contexts: BrowserContext[] = [await openContext(), await openContext()];
  for (const context of contexts) context.setDefaultTimeout(8000);
  [admin, reader] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page];
  await signInOnPage(admin, blog.url);
});
afterAll(async () => {
  await closeBrowser();
  peer?.close();
  await blog?.close();
});

const comments = () => blog.run('comment', 'list') as Promise<Told[]>;
const followers = () => blog.run('federation', 'followers', 'alice') as Promise<Json[]>;
const objectOf = ({ json }: PeerActivity) => json.object as Json;
const isAbout = (id: string) => (activity: PeerActivity) => {
  const object = activity.json.object as Json | string;
  return (typeof object === 'string' ? object : object.id) === id;
};
const status = async (url: string) => (await fetch(url, { headers: asJson, redirect: 'manual' })).status;
const bobsCard = () => admin.getByRole('article', { name: 'Comment by Bob Reader' });

test('the peer finds the author by handle', async () => {
  const { webfinger, actor: found } = await peer.lookup(handle);
  expect(webfinger.subject).toBe(handle.replace('@', 'acct:'));
  expect(found).toMatchObject({ type: 'Person', preferredUsername: 'alice', name: 'Alice Writer' });
  expect(webfinger.links).toContainEqual({ rel: 'self', type: 'application/activity+json', href: found.id });
  actor = String(found.id);
});

test('it follows, and the Accept carries its Follow', async () => {
  ({ activity: follow } = await peer.follow(handle));
  const accept = await peer.waitFor('Accept');
  expect(accept.json).toMatchObject({ actor, object: { id: follow, type: 'Follow', object: actor } });
  expect(await followers()).toMatchObject([
    { actor: `${peer.origin}/users/bob`, name: 'Bob Reader', handle: `@bob@${new URL(peer.origin).host}` },
  ]);
  await admin.goto(`${blog.url}/admin/federation`);
  await admin.getByText('Bob Reader').first().waitFor();
});

test('a published post arrives as an Article that says what receivers need', async () => {
  const written = [
    '--title',
    'What the letter said',
    '--tag',
    'letters',
    '--excerpt',
    'It came from the coast.',
  ];
  post = (await blog.run('post', 'create', '--author', 'alice', ...written)) as typeof post;
  await blog.run('post', 'publish', post.id);
  const create = await peer.waitFor('Create');
  article = String(objectOf(create).id);
  expect(create.json).toMatchObject({ actor, to: [AS_PUBLIC], cc: [`${actor}/followers`] });
  expect(create.json.id).not.toBe(article);
  expect(objectOf(create)).toMatchObject({
    type: 'Article',
    attributedTo: actor,
    name: 'What the letter said',
    summary: 'It came from the coast.',
    mediaType: 'text/html',
    url: post.url,
    to: [AS_PUBLIC],
    cc: [`${actor}/followers`],
    nameMap: { en: 'What the letter said' },
    replies: { type: 'Collection', totalItems: 0 },
    tag: [{ type: 'Hashtag', name: '#letters', href: `${blog.url}/tag/letters` }],
  });
  expect(objectOf(create)).not.toHaveProperty('atomUri');
  expect(create.recipient).toBeNull();
  expect(await peer.fetch(article)).toMatchObject({ type: 'Article', name: 'What the letter said' });
  await admin.goto(`${blog.url}/admin/federation/deliveries/${post.id}`);
  await admin.getByText(new URL(peer.origin).host).first().waitFor();
});

test('an answer waits for the owner, who lets it onto the page', async () => {
  const content = '<p>Read <strong>twice</strong>.</p><script>alert(1)</script>';
  ({ note } = await peer.reply({ to: handle, inReplyTo: article, content }));
  const told = await until('the answer waits', async () => {
    return (await comments())[0];
  });
  commentId = told.id;
  expect(told).toMatchObject({ status: 'pending', source: 'fediverse', text: 'Read twice.' });
  expect(told.author).toMatchObject({ name: 'Bob Reader', url: `${peer.origin}/@bob` });
  expect(told.html).not.toContain('script');
  await reader.goto(post.url);
  expect(await reader.getByText('Read twice.').count()).toBe(0);

  await admin.goto(`${blog.url}/admin/comments`);
  await bobsCard().getByRole('button', { name: 'Approve' }).click();
  await admin.getByText('Approved.', { exact: true }).waitFor();
  await reader.goto(post.url);
  await reader.getByText('Read twice.').waitFor();
  await reader.getByText('Bob Reader').first().waitFor();
});

test('a changed answer waits again', async () => {
  await peer.edit(note, '<p>Read three times.</p>');
  await until('the change is here', async () => (await comments())[0]?.text === 'Read three times.');
  expect(await comments()).toMatchObject([{ id: commentId, status: 'pending' }]);
  await reader.goto(post.url);
  expect(await reader.getByText(/Read (twice|three times)/).count()).toBe(0);
  await blog.run('comment', 'approve', commentId);
});

test('a like and a boost are counted, with the faces of who gave them, and can be taken back', async () => {
  const like = await peer.like(article, handle);
  await peer.boost(article, handle);
  await peer.like(article, handle, 'carol');
  await until('all three are counted', async () => {
    await reader.goto(post.url);
    const text = await reader.locator('.reactions').allTextContents();
    return /2 likes/.test(text.join(' ')) && /1 boost/.test(text.join(' '));
  });
  const people = await reader.locator('.reaction-like li').allTextContents();
  expect(people.map((text) => text.trim().split(' @')[0]).sort()).toEqual(['Bob Reader', 'Carol Reader']);
  expect(await reader.locator('.reaction-boost .faces > *').count()).toBe(1);
  await admin.goto(`${blog.url}/admin/federation/posts/${post.id}`);
  await admin.getByText('Carol Reader').first().waitFor();

  await peer.undo(like.activity);
  await until('the like is gone', async () => {
    await reader.goto(post.url);
    return /1 like\b/.test((await reader.locator('.reactions').textContent()) ?? '');
  });
  const object = await (await fetch(article, { headers: asJson })).json();
  expect(object).toMatchObject({
    likes: { totalItems: 1 },
    shares: { totalItems: 1 },
    replies: { totalItems: 1 },
  });
});

test("the owner's answer reaches the peer as a Note with a Mention, and so do its change and its end", async () => {
  await admin.goto(`${blog.url}/admin/comments?status=approved`);
  await bobsCard().locator('summary', { hasText: 'Answer' }).click();
  await bobsCard().getByLabel('Your answer').fill('Thank **you**, Bob.');
  await bobsCard().getByRole('button', { name: 'Answer', exact: true }).click();
  const create = await peer.waitFor('Create', ({ json }) => (json.object as Json).type === 'Note');
  const answer = objectOf(create);
  expect(answer).toMatchObject({ attributedTo: actor, inReplyTo: note });
  expect(answer.content).toContain('Thank <strong>you</strong>, Bob.');
  expect(answer.tag).toContainEqual(
    expect.objectContaining({ type: 'Mention', href: `${peer.origin}/users/bob` }),
  );
  expect([answer.to, answer.cc].flat()).toContain(`${peer.origin}/users/bob`);
  expect([answer.to, answer.cc].flat()).toContain(AS_PUBLIC);
  expect(await peer.fetch(String(answer.id))).toMatchObject({ type: 'Note' });

  const own = (await comments()).find(({ text }) => text.startsWith('Thank'));
  await blog.run('comment', 'edit', String(own?.id), '--author', 'alice', '--text', 'Thanks, Bob.');
  const update = await peer.waitFor('Update', isAbout(String(answer.id)));
  expect(objectOf(update).content).toContain('Thanks, Bob.');

  await blog.run('comment', 'delete', String(own?.id));
  const gone = await peer.waitFor('Delete', isAbout(String(answer.id)));
  expect(objectOf(gone)).toMatchObject({ type: 'Tombstone' });
  expect(await status(String(answer.id))).toBe(410);
});

test('a private answer is shown to the author alone', async () => {
  await peer.reply({ to: handle, inReplyTo: article, content: '<p>Between us.</p>', audience: 'direct' });
  const mentions = () => blog.run('federation', 'mentions', 'alice') as Promise<Json[]>;
  await until('it is among the mentions', async () => (await mentions()).length > 0);
  expect(await mentions()).toMatchObject([
    { actor: `${peer.origin}/users/bob`, text: expect.stringContaining('Between us.') },
  ]);
  expect((await comments()).map(({ text }) => text)).toEqual(['Read three times.']);
  await admin.goto(`${blog.url}/admin/federation/messages`);
  await admin.getByText('Between us.').waitFor();
  await reader.goto(post.url);
  expect(await reader.getByText('Between us.').count()).toBe(0);
});

test('a deleted answer is gone from the page', async () => {
  await peer.remove(note);
  await until('it is gone', async () => (await comments()).length === 0);
  await reader.goto(post.url);
  expect(await reader.getByText('Read three times.').count()).toBe(0);
});

test('a changed post arrives as an Update of the same object', async () => {
  await blog.run('post', 'update', post.id, '--title', 'What the second letter said');
  const update = await peer.waitFor('Update', isAbout(article));
  expect(objectOf(update)).toMatchObject({ type: 'Article', name: 'What the second letter said' });
  expect(Date.parse(String(objectOf(update).updated))).toBeGreaterThanOrEqual(
    Date.parse(String(objectOf(update).published)),
  );
});

test('a post in the trash is deleted there and 410 here', async () => {
  await blog.run('post', 'trash', post.id);
  const gone = await peer.waitFor('Delete', isAbout(article));
  expect(gone.json).toMatchObject({ actor, object: { id: article, type: 'Tombstone' } });
  const answer = await fetch(article, { headers: asJson });
  expect(answer.status).toBe(410);
  expect(await answer.json()).toMatchObject({ id: article, type: 'Tombstone' });
});

test('who unfollows gets nothing more, and who blocks neither', async () => {
  const acceptFor = (who: string) => (accept: PeerActivity) => objectOf(accept).actor === who;
  const witness = await startFedifyPeer();
  onTestFinished(witness.close);
  await witness.follow(handle);
  await witness.waitFor('Accept');
  await peer.follow(handle, 'dave');
  await peer.waitFor('Accept', acceptFor(`${peer.origin}/users/dave`));
  const before = (await peer.received()).length;

  await peer.undo(follow);
  await peer.block(handle, 'dave');
  await until('one is left', async () => (await followers()).length === 1);
  await blog.run('post', 'create', '--author', 'alice', '--title', 'Unheard', '--publish');
  await witness.waitFor('Create');
  expect((await peer.received()).length).toBe(before);
  const { host } = new URL(peer.origin);
  const deliveries = (await blog.run('federation', 'deliveries')) as Json[];
  expect(deliveries.filter((one) => one.host === host && one.state !== 'delivered')).toEqual([]);
});
