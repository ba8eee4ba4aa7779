import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findReceivedComment } from '../../../../src/comments/comment-store.ts';
import { countReactions } from '../../../../src/reactions/reaction-store.ts';
import {
  type FederatedApp,
  PUBLIC,
  type Published,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Json, PeerActor } from '../../../support/remote-peer.ts';

const folder = join(import.meta.dirname, '../../../../../shared/fixtures');
const load = (path: string): Json => JSON.parse(readFileSync(join(folder, path), 'utf8'));

/** How a post must be put for each of these to take it. */
const groups: Readonly<Record<string, { link?: true; mention?: true }>> = {
  'lemmy/actor-group.json': { link: true },
  'kbin/actor-group.json': {},
  'nodebb/actor-group.json': {},
  'wordpress/actor-group-blog.json': { mention: true },
  'guppe/actor-group.json': { mention: true },
  'gnusocial/actor-group.json': { mention: true },
  'friendica/actor-organization.json': { mention: true },
  'mobilizon/actor-group.json': { mention: true },
  'peertube/actor-channel.json': { mention: true },
};
const hosts = [
  'community.example',
  'enterprise.lemmy.ml',
  'ds9.lemmy.ml',
  'lemmy.ml',
  'lemmy.world',
  'kbin.test',
  'pfefferle.org',
];

/** The document on a server that these tests can have, the path as it was. */
function moved(path: string): Json {
  const host = new URL(String(load(path).id)).host;
  return JSON.parse(JSON.stringify(load(path)).replaceAll(`//${host}`, '//community.example'));
}

describe.skipIf(!existsSync(folder))('communities as their software shows them', () => {
  let app: FederatedApp;
  beforeAll(async () => {
    app = await startFederatedApp({ hosts });
  });
  afterAll(() => app.close());

  test.each(Object.entries(groups))('%s can be followed and gets a post', async (path, { link, mention }) => {
    const group = moved(path);
    const id = String(group.id);
    const peer = app.peer('community.example');
    peer.serve(id, group);
    await app.run('follow', 'alice', id);
    const post = await app.publish({ title: `For ${path}`, fields: { communities: [id] } });

    const at = (type: string) => peer.delivered.find((one) => one.url === group.inbox && one.type === type);
    expect(at('Follow')?.activity).toMatchObject({ actor: app.author, object: id });
    expect(at('Create')?.activity).toMatchObject({ to: [PUBLIC, id], audience: id });
    const object = at('Create')?.activity.object as Json & { tag: Json[]; attachment?: Json[] };
    expect(object).toMatchObject({ id: post.id, name: `For ${path}`, to: [PUBLIC, id], audience: id });
    const mentions = object.tag.filter(({ type }) => type === 'Mention').map(({ href }) => href);
    expect(mentions).toEqual(mention ? [id] : []);
    expect(object.attachment?.[0]?.href).toBe(link ? post.url : undefined);
  });

  test('a name that is only a person’s on Lemmy is no community', async () => {
    const account = load('lemmy/webfinger-person-and-group.json');
    const peer = app.peer('lemmy.ml');
    peer.actor('pfefferle', { id: 'https://lemmy.ml/u/pfefferle' });
    peer.serveAccount('pfefferle', account);
    const post = await app.publish({ fields: { communities: ['!pfefferle@lemmy.ml'] } });
    expect(await app.run('communities', post.post.id)).toMatchObject([
      { state: 'refused', reason: expect.stringContaining('no community') },
    ]);
  });

  test('a community is found by Lemmy’s WebFinger', async () => {
    const peer = app.peer('lemmy.ml');
    const group = peer.actor('lemmy_support', { type: 'Group', id: 'https://lemmy.ml/c/lemmy_support' });
    peer.serveAccount('lemmy_support', load('lemmy/webfinger-group.json'));
    await app.publish({ fields: { communities: ['!lemmy_support@lemmy.ml'] } });
    expect(peer.delivered.some(({ url, type }) => url === group.inbox && type === 'Create')).toBe(true);
  });

  describe('what they pass on', () => {
    let post: Published;
    beforeAll(async () => {
      post = await app.publish({ title: 'Talked about', slug: 'talked-about' });
    });
    const groupOf = (id: string, options: { type?: string } = {}): PeerActor =>
      app.peer(new URL(id).host).actor(String(id.split('/').at(-1)), { type: 'Group', id, ...options });
    const tell = async (actor: PeerActor, activity: Json) => {
      expect((await actor.send(app.url, activity)).status).toBe(202);
      await app.idle();
    };
    const about = (path: string, from: string): Json =>
      JSON.parse(JSON.stringify(load(path)).replaceAll(`"${from}"`, `"${post.id}"`));
    const counts = () => countReactions(app.app.deps.db, post.post.id);

    test('Mbin: a wrapped comment, twice and directly, is one', async () => {
      const announce = about(
        'mbin/announce-wrapped-create-comment.json',
        'https://local.example/posts/hello',
      );
      const create = announce.object as Json;
      const note = create.object as Json;
      const user = app.peer('kbin.test').actor('user', { id: 'https://kbin.test/u/user' });
      const magazine = groupOf('https://kbin.test/m/test');
      app.peer('kbin.test').serve(String(note.id), note);
      await tell(magazine, announce);
      await tell(magazine, { ...announce, id: `${String(announce.id)}-again` });
      await tell(user, create);
      const comment = await findReceivedComment(app.app.deps.db, 'fediverse', String(note.id));
      expect(comment).toMatchObject({ text: 'test', externalAuthorId: user.id, status: 'pending' });
    });

    test('Lemmy: a wrapped vote of another server counts once that server confirms it', async () => {
      const announce = about('lemmy/announce-wrapped-like.json', 'https://sopuli.xyz/comment/12345');
      const like = announce.object as Json;
      const community = groupOf('https://lemmy.ml/c/asklemmy');
      const world = app.peer('lemmy.world');
      world.actor('nobody', { id: String(like.actor) });
      await tell(community, announce);
      expect(await counts()).toMatchObject({ like: 0, dislike: 0, boost: 0 });
      world.serve(String(like.id), like);
      await tell(community, { ...announce, id: `${String(announce.id)}-again` });
      await tell(community, { ...announce, id: `${String(announce.id)}-more` });
      expect(await counts()).toMatchObject({ like: 1, dislike: 0, boost: 0 });
    });

    test('Lemmy: moderation and pages of others change nothing here', async () => {
      const community = groupOf('http://enterprise.lemmy.ml/c/main');
      const wrap = (object: Json, n: number): Json => ({
        ...load('lemmy/announce-create-page.json'),
        id: `http://enterprise.lemmy.ml/activities/announce/${n}`,
        object,
      });
      const before = app.peer('ds9.lemmy.ml').fetched.length;
      await tell(community, load('lemmy/announce-create-page.json'));
      for (const [n, path] of ['add-featured', 'block', 'flag', 'remove-note', 'delete-page'].entries())
        await tell(community, wrap(load(`lemmy/${path}.json`), n));
      expect(app.peer('ds9.lemmy.ml').fetched.length).toBe(before);
      expect((await fetch(post.url)).status).toBe(200);
    });

    test('WordPress: a blog that announces a change of its own is no boost of anything here', async () => {
      const announce = load('wordpress/announce-wrapped-update.json');
      const blog = groupOf('https://pfefferle.org/blog');
      const before = await counts();
      await tell(blog, { ...announce, actor: blog.id });
      expect(await counts()).toEqual(before);
    });
  });
});
