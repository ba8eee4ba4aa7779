import { afterAll, beforeAll, expect, test } from 'vitest';
import { unpublishPost } from '../../../../src/posts/publish-post.ts';
import { updatePost } from '../../../../src/posts/write-post.ts';
import { changeSettings } from '../../../../src/settings/site-settings.ts';
import { type FederatedApp, followOf, PUBLIC, startFederatedApp } from '../../../support/federated-app.ts';
import type { Json, Peer } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let lemmy: Peer;
let forum: Peer;
beforeAll(async () => {
  app = await startFederatedApp();
  lemmy = app.peer('community.example');
  forum = app.peer('friend.example');
  serveSoftware(lemmy, 'lemmy');
  serveSoftware(forum, 'friendica');
});
afterAll(() => app.close());

function serveSoftware(peer: Peer, name: string): void {
  const document = `${peer.origin}/nodeinfo/2.1`;
  const links = [{ rel: 'http://nodeinfo.diaspora.software/ns/schema/2.1', href: document }];
  peer.serve(`${peer.origin}/.well-known/nodeinfo`, { links }, 'application/json');
  const said = { version: '2.1', software: { name, version: '1.0' }, protocols: ['activitypub'] };
  peer.serve(document, said, 'application/json');
}

const group = (peer: Peer, name: string, options: { id?: string } = {}) =>
  peer.actor(name, { type: 'Group', ...options });
const lemmyGroup = (name: string) => group(lemmy, name, { id: `https://community.example/c/${name}` });
const states = async (id: string) =>
  ((await app.run('communities', id)) as { name: string; state: string; reason: string }[]).map(
    ({ name, state, reason }) => ({ name, state, reason }),
  );
const sentTo = (peer: Peer, inbox: string, type: string) =>
  peer.delivered.filter((one) => one.url === inbox && one.type === type);

test('a post goes to a Lemmy community with its page as the link, and to a forum that it mentions', async () => {
  const cooking = lemmyGroup('cooking');
  const club = group(forum, 'club');
  const fan = app.peer('other.example').actor('fan');
  await fan.send(app.url, followOf(fan, app.author));
  await app.idle();
  const fields = { communities: ['@club@friend.example', '!cooking@community.example'] };
  const post = await app.publish({ title: 'Soup', fields });

  const [create] = sentTo(lemmy, cooking.inbox, 'Create');
  expect(create?.activity).toMatchObject({
    to: [PUBLIC, cooking.id, club.id],
    audience: cooking.id,
    object: {
      id: post.id,
      type: 'Article',
      name: 'Soup',
      to: [PUBLIC, cooking.id, club.id],
      cc: [`${app.author}/followers`],
      audience: cooking.id,
    },
  });
  const object = create?.activity.object as Json & { attachment: Json[]; tag: Json[] };
  expect(object.attachment[0]).toEqual({ type: 'Link', href: post.url, mediaType: 'text/html' });
  expect(object.tag).toEqual([{ type: 'Mention', href: club.id, name: '@club@friend.example' }]);
  expect(sentTo(forum, club.inbox, 'Create')[0]?.activity.id).toBe(create?.activity.id);
  const [toFan] = app.peer('other.example').delivered.filter(({ type }) => type === 'Create');
  expect(toFan?.activity.id).toBe(create?.activity.id);
  const served = await fetch(post.id, { headers: { accept: 'application/activity+json' } });
  expect(await served.json()).toMatchObject({ audience: cooking.id, to: [PUBLIC, cooking.id, club.id] });
  expect((await states(post.post.id)).map(({ state }) => state)).toEqual(['told', 'told']);
});

test('a Lemmy community that the text mentions is addressed as well, a forum is mentioned and no more', async () => {
  const town = lemmyGroup('town');
  const guild = group(forum, 'guild');
  const bodyMarkdown = 'For @town@community.example and @guild@friend.example.';
  const post = await app.publish({ title: 'Mentioned', bodyMarkdown });
  const [create] = sentTo(lemmy, town.inbox, 'Create');
  const object = create?.activity.object as Json & { tag: Json[]; attachment: Json[] };
  expect(object).toMatchObject({ audience: town.id, to: [PUBLIC, town.id] });
  expect(object.cc).toEqual([`${app.author}/followers`, guild.id]);
  expect(object.attachment[0]?.href).toBe(post.url);
  expect(object.tag.map(({ href }) => href)).toEqual([town.id, guild.id]);
  expect(forum.delivered.some(({ activity }) => (activity.object as Json).id === post.id)).toBe(true);
  expect(lemmy.delivered.filter(({ activity }) => (activity.object as Json).id === post.id)).toHaveLength(1);
  expect(await states(post.post.id)).toMatchObject([{ name: '@town@community.example', state: 'told' }]);

  await updatePost(app.app.deps, post.post.id, { bodyMarkdown: 'For nobody.' });
  await app.idle();
  expect(await states(post.post.id)).toEqual([]);
});

test('a post for nobody in particular names no audience', async () => {
  const post = await app.publish({ title: 'Plain' });
  const served = await fetch(post.id, { headers: { accept: 'application/activity+json' } });
  const object = (await served.json()) as Json;
  expect(object).not.toHaveProperty('audience');
  expect(object.to).toEqual([PUBLIC]);
});

test('of an account and a community with one name the community is meant', async () => {
  const person = lemmy.actor('twins', { id: 'https://community.example/u/twins' });
  const community = lemmyGroup('twins');
  const typeOf = (type: string) => ({ 'https://www.w3.org/ns/activitystreams#type': type });
  const self = { rel: 'self', type: 'application/activity+json' };
  lemmy.serveAccount('twins', {
    subject: 'acct:twins@community.example',
    links: [
      { ...self, href: person.id, properties: typeOf('Person') },
      { ...self, href: community.id, properties: typeOf('Group') },
    ],
  });
  await app.publish({ title: 'Twins', fields: { communities: ['@twins@community.example'] } });
  expect(sentTo(lemmy, community.inbox, 'Create')).toHaveLength(1);
  expect(sentTo(lemmy, person.inbox, 'Create')).toHaveLength(0);
});

test('a community that is not there holds nothing up, is told of, and gets the post once it is found', async () => {
  const fan = app.peer('good.example').actor('reader');
  await fan.send(app.url, followOf(fan, app.author));
  await app.idle();
  lemmy.actor('jane');
  const fields = { communities: ['!later@community.example', '!jane@community.example'] };
  const post = await app.publish({ title: 'Early', fields });
  expect((await app.peer('good.example').receives('Create')).activity.object).toMatchObject({ id: post.id });
  expect(await states(post.post.id)).toEqual([
    { name: '!jane@community.example', state: 'refused', reason: expect.stringContaining('no community') },
    { name: '!later@community.example', state: 'missing', reason: expect.stringContaining('nobody called') },
  ]);

  const later = lemmyGroup('later');
  await app.run('communities', post.post.id, '--again');
  await app.idle();
  const [create] = sentTo(lemmy, later.inbox, 'Create');
  expect(create?.activity).toMatchObject({ audience: later.id, object: { id: post.id, audience: later.id } });
  // Followers do not get it again, and neither does the community.
  await app.run('communities', post.post.id, '--again');
  await app.idle();
  expect(sentTo(lemmy, later.inbox, 'Create')).toHaveLength(1);
  expect(app.peer('good.example').delivered.filter(({ type }) => type === 'Create')).toHaveLength(1);
});

test('a community that is blocked here gets nothing, and its author is told', async () => {
  const spam = app.peer('spam.example').actor('spam', { type: 'Group' });
  await app.run('lookup', spam.id);
  await app.run('block', 'spam.example');
  const post = await app.publish({ title: 'Not there', fields: { communities: [spam.id] } });
  expect(await states(post.post.id)).toMatchObject([
    { state: 'refused', reason: expect.stringContaining('blocked') },
  ]);
  expect(sentTo(app.peer('spam.example'), spam.inbox, 'Create')).toEqual([]);
});

test('a community that is added later gets a Create where others get the change, and all get the removal', async () => {
  const first = lemmyGroup('first');
  const second = lemmyGroup('second');
  const post = await app.publish({ title: 'Growing', fields: { communities: ['!first@community.example'] } });
  const communities = ['!first@community.example', second.id];
  await updatePost(app.app.deps, post.post.id, { title: 'Grown', fields: { federation: { communities } } });
  await app.idle();
  expect(sentTo(lemmy, first.inbox, 'Update')).toHaveLength(1);
  expect(sentTo(lemmy, second.inbox, 'Update')).toHaveLength(0);
  expect(sentTo(lemmy, second.inbox, 'Create')[0]?.activity.object).toMatchObject({ name: 'Grown' });

  await unpublishPost(app.app.deps, post.post.id);
  await app.idle();
  for (const { inbox, id } of [first, second]) {
    const [removal] = sentTo(lemmy, inbox, 'Delete');
    expect(removal?.activity.cc).toContain(id);
  }
});

test('a community that is not found is looked for again for two days, and the author is told by mail at last', async () => {
  await changeSettings(app.app.deps, { smtpUrl: 'smtp://127.0.0.1:1', mailFrom: 'blog@blog.example' });
  app.app.deps.jobs.undefine('mail');
  const late = await app.publish({ title: 'Patient', fields: { communities: ['!soon@community.example'] } });
  const never = await app.publish({
    title: 'Hopeless',
    fields: { communities: ['!never@community.example'] },
  });
  const soon = lemmyGroup('soon');
  await pass(2 * 60);
  expect(sentTo(lemmy, soon.inbox, 'Create')[0]?.activity.object).toMatchObject({ id: late.id });

  const asked = () => lemmy.fetched.filter((path) => path.includes('never')).length;
  for (let day = 0; day < 10; day += 1) await pass(13 * 3600);
  expect(await states(never.post.id)).toMatchObject([{ state: 'refused' }]);
  const atTheEnd = asked();
  expect(atTheEnd).toBeGreaterThan(4);
  expect(atTheEnd).toBeLessThan(20);
  await pass(48 * 3600);
  expect(asked()).toBe(atTheEnd);
  const { db } = app.app.deps;
  const mails = await db.selectFrom('jobs').select('payload').where('kind', '=', 'mail').execute();
  const texts = mails.map(({ payload }) => String(JSON.parse(payload).text));
  expect(texts.some((text) => text.includes('“Hopeless”: !never@community.example'))).toBe(true);
});

async function pass(seconds: number): Promise<void> {
  app.advance(seconds);
  await app.idle();
}
