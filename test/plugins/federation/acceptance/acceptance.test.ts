import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findReceivedComment } from '../../../../src/comments/comment-store.ts';
import { moderateComments } from '../../../../src/comments/moderate-comments.ts';
import { listReactions } from '../../../../src/reactions/reaction-store.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  noteOf,
  type Published,
  startFederatedApp,
  undoOf,
} from '../../../support/federated-app.ts';
import type { Json } from '../../../support/remote-peer.ts';
import type { Deed } from './deeds.ts';
import { hostOf, isThere, load, newReader, type Reader } from './reader.ts';
import { softwares } from './software.ts';
import { inTheShapeOf } from './wording.ts';

const pathOf = (address: unknown) => new URL(String(address)).pathname;

type Does = (reader: Reader) => Json;

let app: FederatedApp;
let post: Published;
beforeAll(async () => {
  app = await startFederatedApp({ hosts: softwares.map(hostOf) });
  post = await app.publish({ title: 'Hello', slug: 'hello' });
});
afterAll(() => app.close());

const can = (deed: Deed) => softwares.filter(({ deeds }) => deeds[deed] !== undefined);
const nameOf = ({ name }: { name: string }) => name;

describe.each(
  [
    { title: 'small documents with the habits of each', withDocuments: false },
    { title: 'the documents of each', withDocuments: true },
  ].filter(({ withDocuments }) => isThere || !withDocuments),
)('$title', ({ withDocuments }) => {
  const readers = new Map<string, Reader>();
  const statuses = new Map<string, number>();
  const status = (deed: Deed, name: string) => statuses.get(`${deed} ${name}`);
  const reader = (name: string): Reader => {
    let found = readers.get(name);
    if (!found) {
      const software = softwares.find((one) => one.name === name);
      if (!software) throw new Error(`There is no ${name} in the table.`);
      found = newReader({ app, post, software, withDocuments });
      readers.set(name, found);
    }
    return found;
  };

  async function one(deed: Deed, name: string, does: Does): Promise<void> {
    const who = reader(name);
    const { as, like } = who.deeds[deed] ?? {};
    const usual = does(who);
    const activity = withDocuments && like ? inTheShapeOf(load(like), usual) : (as?.(usual) ?? usual);
    who.sent[deed] = activity;
    statuses.set(`${deed} ${name}`, (await who.actor.send(app.url, activity)).status);
  }

  /** Everybody who can does it, and it is handled before anybody looks. */
  async function everybody(deed: Deed, does: Does): Promise<void> {
    const names = can(deed).map(nameOf);
    // A few at a time: a sender gives up on being answered, and we on asking for a key, after some seconds.
    while (names.length > 0) await Promise.all(names.splice(0, 6).map((name) => one(deed, name, does)));
    await app.idle();
    here = new Map();
  }

  /** What is here after a column of the table, looked up once for all of its rows. */
  let here = new Map<string, Promise<unknown>>();
  function once<T>(what: string, look: () => Promise<T>): Promise<T> {
    if (!here.has(what)) here.set(what, look());
    return here.get(what) as Promise<T>;
  }
  const followers = () =>
    once('followers', async () => {
      const listed = (await app.run('followers', 'alice')) as Json[];
      return new Set(listed.filter(({ state }) => state === 'accepted').map(({ actor }) => actor));
    });
  const follows = async (name: string) => (await followers()).has(reader(name).actor.id);
  const reactions = async (name: string) => {
    const all = await once('reactions', () =>
      listReactions(app.app.deps.db, { postId: post.post.id, limit: 500 }),
    );
    return all.filter(({ actorId }) => actorId === reader(name).actor.id).map(({ kind }) => kind);
  };
  const mentions = () => once('mentions', async () => (await app.run('mentions', 'alice')) as Json[]);
  const page = () => once('page', async () => (await fetch(post.url)).text());
  const noteId = (name: string) => {
    const { sent, note } = reader(name);
    return String((sent.reply?.object as Json | undefined)?.id ?? note.id);
  };
  const comment = (name: string) => findReceivedComment(app.app.deps.db, 'fediverse', noteId(name));
  const about = (name: string, activity: Json) =>
    app.peer(hostOf(reader(name))).delivered.filter((one) => {
      return JSON.stringify(one.activity).includes(
        JSON.stringify(String(activity.id ?? reader(name).actor.id)),
      );
    });

  /** A column of the table: everybody does it, and then each of them is looked at. */
  function column(
    title: string,
    deed: Deed,
    how: { before?: () => Promise<unknown>; does?: Does; checks: (name: string) => Promise<unknown> },
  ): void {
    describe(title, () => {
      beforeAll(async () => {
        await how.before?.();
        if (how.does) await everybody(deed, how.does);
      });
      test.each(can(deed).map(nameOf))('%s', async (name) => {
        if (how.does) expect(status(deed, name)).toBe(202);
        await how.checks(name);
      });
    });
  }

  column('a Follow is accepted, with the Follow in the Accept', 'follow', {
    does: ({ actor }) => followOf(actor, app.author),
    async checks(name) {
      expect(await follows(name)).toBe(true);
      const { sent, actor } = reader(name);
      const accepts = about(name, sent.follow ?? {}).filter(({ type }) => type === 'Accept');
      expect(accepts).toHaveLength(1);
      expect(accepts[0]?.activity.object).toMatchObject({ type: 'Follow', object: app.author });
      expect(pathOf(accepts[0]?.url)).toBe(pathOf(actor.document.inbox));
    },
  });

  let news: Published;
  column('a post comes, signed by its author', 'follow', {
    async before() {
      news = await app.publish({ title: 'News', bodyMarkdown: 'It is *new*.' });
    },
    async checks(name) {
      const { actor } = reader(name);
      const creates = app.peer(hostOf(reader(name))).delivered.filter(({ activity }) => {
        return activity.type === 'Create' && (activity.object as Json).id === news.id;
      });
      const { sharedInbox = actor.document.inbox } = (actor.document.endpoints ?? {}) as Json;
      expect(creates.map(({ url }) => pathOf(url))).toContain(pathOf(sharedInbox));
      expect(creates[0]?.headers.signature).toContain(app.author);
      expect(creates[0]?.activity.object).toMatchObject({ attributedTo: app.author });
    },
  });

  column('an answer is a comment that waits', 'reply', {
    does: ({ actor, note }) => activityOf(actor, 'Create', note),
    async checks(name) {
      const received = await comment(name);
      expect(received).toMatchObject({ postId: post.post.id, status: 'pending', parentId: null });
      expect(received?.html).toContain(reader(name).text);
    },
  });

  test('answers are on the page once they were approved, and not before', async () => {
    const texts = can('reply').map(({ name }) => reader(name).text);
    const before = await page();
    for (const text of texts) expect(before).not.toContain(text);
    const received = await Promise.all(can('reply').map(({ name }) => comment(name)));
    const ids = received.map((one) => one?.id ?? '');
    await moderateComments(app.app.deps, ids, 'approve');
    here = new Map();
    const after = await page();
    for (const text of texts) expect(after).toContain(text);
  });

  column('an edit changes the comment', 'edit', {
    does(who) {
      who.text = `Other ${who.text}`;
      const updated = new Date(Date.now() + 60_000).toISOString();
      const content = `<p>${who.text}</p>`;
      return activityOf(who.actor, 'Update', { ...who.note, id: noteId(who.name), content, updated });
    },
    async checks(name) {
      expect((await comment(name))?.html).toContain(reader(name).text);
    },
  });

  column('a Delete takes the comment from the page', 'remove', {
    does: ({ actor, name }) => activityOf(actor, 'Delete', { type: 'Tombstone', id: noteId(name) }),
    async checks(name) {
      expect((await comment(name))?.status).not.toBe('approved');
      expect(await page()).not.toContain(reader(name).text);
    },
  });

  column('a like is counted once', 'like', {
    does: ({ actor }) => activityOf(actor, 'Like', post.id),
    async checks(name) {
      expect(await reactions(name)).toEqual(['like']);
    },
  });

  test('likes are counted in the post that other servers fetch', async () => {
    const answer = await fetch(post.id, { headers: { accept: 'application/activity+json' } });
    const kept = can('like').filter(({ deeds }) => deeds.unlike === undefined);
    const totalItems = can('like').length + (withDocuments ? kept.length : 0);
    expect(await answer.json()).toMatchObject({ likes: { totalItems } });
  });

  column('a like that was taken back is not counted', 'unlike', {
    does({ actor, sent }) {
      const { '@context': _, ...like } = sent.like ?? {};
      return undoOf(actor, like);
    },
    async checks(name) {
      expect(await reactions(name)).toEqual([]);
    },
  });

  column('a boost is counted once', 'boost', {
    does: ({ actor }) => activityOf(actor, 'Announce', post.id),
    async checks(name) {
      expect((await reactions(name)).filter((kind) => kind === 'boost')).toEqual(['boost']);
    },
  });

  column('a boost that was taken back is not counted', 'unboost', {
    does: ({ actor, sent }) => undoOf(actor, sent.boost ?? {}),
    async checks(name) {
      expect(await reactions(name)).not.toContain('boost');
    },
  });

  column('a mention is a message for the author, and no comment', 'mention', {
    does: ({ actor }) => {
      const tag = [{ type: 'Mention', href: app.author, name: '@alice' }];
      return activityOf(actor, 'Create', noteOf(actor, { tag, inReplyTo: null }));
    },
    async checks(name) {
      const { id } = (reader(name).sent.mention?.object ?? {}) as Json;
      expect((await mentions()).map(({ object }) => object)).toContain(id);
      expect(await findReceivedComment(app.app.deps.db, 'fediverse', String(id))).toBeNull();
    },
  });

  column('an Undo of the Follow ends the following', 'unfollow', {
    does: ({ actor, sent }) => undoOf(actor, sent.follow ?? {}),
    async checks(name) {
      expect(await follows(name)).toBe(false);
    },
  });

  column('a Block ends the following', 'block', {
    async before() {
      await everybody('follow', ({ actor }) => followOf(actor, app.author));
      for (const { name } of can('block')) expect([name, await follows(name)]).toEqual([name, true]);
    },
    does: ({ actor }) => activityOf(actor, 'Block', app.author),
    async checks(name) {
      expect(await follows(name)).toBe(false);
    },
  });

  const movedTo = (name: string) => {
    const { actor } = reader(name);
    const id = `${new URL(actor.id).origin}/users/${actor.name}new`;
    const inbox = `${id}/inbox`;
    const document = { alsoKnownAs: [actor.id], inbox, endpoints: {} };
    return app.peer(hostOf(reader(name))).actor(`${actor.name}new`, { id, document, keyNumber: 1 });
  };
  column('who moved can follow from the new account', 'move', {
    does: ({ actor, name }) => activityOf(actor, 'Move', actor.id, { target: movedTo(name).id }),
    async checks(name) {
      const account = movedTo(name);
      expect((await account.send(app.url, followOf(account, app.author))).status).toBe(202);
      await app.idle();
      here = new Map();
      expect(await followers()).toContain(account.id);
      await account.send(app.url, undoOf(account, followOf(account, app.author)));
    },
  });
});

test('somebody whose server calls everything by names of its own can follow', async () => {
  const own = { uri: '@id', kind: '@type', who: { '@id': 'as:actor', '@type': '@id' }, a: 'as:object' };
  const named = ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1', own];
  const stranger = app.peer('mastodon.example').actor('stranger', {
    id: 'http://mastodon.example/users/stranger',
    shape: ({ '@context': _, id, type, ...rest }) => ({ '@context': named, uri: id, kind: type, ...rest }),
  });
  const uri = 'http://mastodon.example/follows/own';
  const follow = { '@context': named, uri, kind: 'Follow', who: stranger.id, a: { uri: app.author } };

  expect((await stranger.send(app.url, follow)).status).toBe(202);
  await app.idle();
  const followers = (await app.run('followers', 'alice')) as Json[];
  expect(followers.map(({ actor }) => actor)).toContain(stranger.id);
});

test.skipIf(isThere)('without documents only small ones were sent', () => expect(isThere).toBe(false));
