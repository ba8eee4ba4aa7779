import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishPost, unpublishPost } from '../../../../src/posts/publish-post.ts';
import { createPost, updatePost } from '../../../../src/posts/write-post.ts';
import { createUser } from '../../../../src/users/accounts.ts';
import type { User } from '../../../../src/users/user.ts';
import { type FederatedApp, followOf, startFederatedApp } from '../../../support/federated-app.ts';
import type { Json } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let carol: User;
beforeAll(async () => {
  app = await startFederatedApp();
  carol = await createUser(app.app.deps, {
    username: 'carol',
    email: 'carol@blog.example',
    password: 'a long pass phrase',
    role: 'author',
  });
  const bob = app.peer('good.example').actor('bob');
  await bob.send(app.url, followOf(bob, app.author));
  const dave = app.peer('other.example').actor('dave');
  await dave.send(app.url, followOf(dave, actorOf(carol)));
  await app.idle();
});
afterAll(() => app.close());

const actorOf = (user: User) => `${app.url}/ap/users/${user.id}`;
const sent = (host: string, type: string, objectId: string) =>
  app
    .peer(host)
    .delivered.map(({ activity }) => activity)
    .filter(
      (activity) => activity.type === type && JSON.stringify(activity.object).includes(`"${objectId}"`),
    );
const objectAt = async (id: string): Promise<Json> =>
  (await (await fetch(id, { headers: { accept: 'application/activity+json' } })).json()) as Json;

async function publish(fields: Json, post: { title?: string; bodyMarkdown?: string } = {}) {
  const { deps } = app.app;
  const input = { title: '', bodyMarkdown: 'Hello #world.', tags: ['world'], ...post };
  const draft = await createPost(deps, {
    authorId: app.owner?.id ?? '',
    ...input,
    fields: { federation: fields },
  });
  const { id } = await publishPost(deps, draft.id);
  await app.idle();
  return { postId: id, id: `${app.url}/ap/posts/${id}` };
}

test('a post without a title goes out as a Note with its whole text', async () => {
  const { id } = await publish({});
  const [create] = sent('good.example', 'Create', id);
  expect(create?.object).toMatchObject({
    type: 'Note',
    content: `<p>Hello <a href="${app.url}/tag/world" class="mention hashtag" rel="tag">#<span>world</span></a>.</p>`,
    tag: [{ type: 'Hashtag', name: '#world' }],
  });
  expect(create?.object).not.toHaveProperty('name');
});

test('what a post was when it was published, it stays, and so does what is left of it', async () => {
  const { id, postId } = await publish({});
  await updatePost(app.app.deps, postId, { title: 'A title now' });
  await app.idle();
  const [update] = sent('good.example', 'Update', id);
  expect(update?.object).toMatchObject({ type: 'Note', content: expect.stringContaining('A title now') });
  expect(await objectAt(id)).toMatchObject({ type: 'Note' });

  await unpublishPost(app.app.deps, postId);
  await app.idle();
  expect(await objectAt(id)).toMatchObject({ type: 'Tombstone', formerType: 'Note' });
  await publishPost(app.app.deps, postId);
  await app.idle();
  expect(await objectAt(`${id}-2`)).toMatchObject({ type: 'Article', name: 'A title now' });
});

test.each<[string, Json, Json]>([
  ['an article', { form: 'article' }, { type: 'Article', summary: expect.stringContaining('Hello') }],
  [
    'the full text',
    { form: 'full-text' },
    { type: 'Note', content: expect.stringMatching(/<strong>T<.*Hello/s) },
  ],
  [
    'own words',
    { words: 'Come and read.' },
    { type: 'Note', content: expect.stringMatching(/^<p>Come and read\.<\/p><p><a /) },
  ],
  ['with a warning', { contentWarning: 'eels' }, { type: 'Article', sensitive: true, summary: 'eels' }],
])('a writer may send %s', async (_what, fields, object) => {
  const { id } = await publish(fields, { title: 'T' });
  expect(sent('good.example', 'Create', id)[0]?.object).toMatchObject(object);
});

test('the owner decides for posts of a kind', async () => {
  const plugin = app.app.plugins.find('federation');
  await plugin?.context.settings.set({ titledPosts: 'full-text', untitledPosts: 'article' });
  const titled = await publish({}, { title: 'T' });
  const untitled = await publish({});
  await plugin?.context.settings.set({ titledPosts: 'article', untitledPosts: 'full-text' });

  expect(await objectAt(titled.id)).toMatchObject({ type: 'Note' });
  expect(await objectAt(untitled.id)).toMatchObject({ type: 'Article' });
});

test('who wrote a post too is named in it, boosts it, and takes that back when the name goes', async () => {
  const { id, postId } = await publish({ coAuthors: ['@carol', 'nobody'] }, { title: 'Together' });
  const [create] = sent('good.example', 'Create', id);
  expect(create?.object).toMatchObject({
    attributedTo: app.author,
    tag: expect.arrayContaining([
      { type: 'Mention', href: actorOf(carol), name: expect.stringMatching(/^@carol@/) },
    ]),
  });
  const [boost, ...more] = sent('other.example', 'Announce', id);
  expect(more).toEqual([]);
  expect(boost).toMatchObject({
    actor: actorOf(carol),
    object: id,
    cc: [`${actorOf(carol)}/followers`, app.author],
  });
  expect(await objectAt(String(boost?.id))).toMatchObject({ type: 'Announce' });

  await updatePost(app.app.deps, postId, { fields: { federation: { coAuthors: [] } } });
  await app.idle();
  expect(sent('other.example', 'Undo', id)).toMatchObject([
    { actor: actorOf(carol), object: { id: boost?.id, type: 'Announce', object: id } },
  ]);
});

test('a boost goes with the post', async () => {
  const { id, postId } = await publish({ coAuthors: ['carol'] }, { title: 'Short-lived' });
  await unpublishPost(app.app.deps, postId);
  await app.idle();
  expect(sent('other.example', 'Undo', id)).toHaveLength(1);
  expect(sent('good.example', 'Delete', id)).toHaveLength(1);
});

test('a page is sent where the owner or its writer says so, and can be taken back', async () => {
  const { deps } = app.app;
  const page = await createPost(deps, {
    authorId: app.owner?.id ?? '',
    type: 'page',
    title: 'About us',
    bodyMarkdown: 'We bake.',
  });
  await publishPost(deps, page.id);
  await app.idle();
  const id = `${app.url}/ap/posts/${page.id}`;
  expect((await fetch(id, { headers: { accept: 'application/activity+json' } })).status).toBe(404);

  await updatePost(deps, page.id, { fields: { federation: { form: 'article' } } });
  await app.idle();
  expect(sent('good.example', 'Update', id)[0]?.object).toMatchObject({ type: 'Article', name: 'About us' });
  expect(await objectAt(id)).toMatchObject({ type: 'Article', url: `${app.url}/about-us` });

  await updatePost(deps, page.id, { fields: { federation: { form: 'default' } } });
  await app.idle();
  expect(sent('good.example', 'Delete', id)).toHaveLength(1);
  expect(await objectAt(id)).toMatchObject({ type: 'Tombstone' });
});
