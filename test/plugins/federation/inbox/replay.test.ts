import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findReceivedComment } from '../../../../src/comments/comment-store.ts';
import { listReactions } from '../../../../src/reactions/reaction-store.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  noteOf,
  type Published,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Json, PeerActor } from '../../../support/remote-peer.ts';
import { replayHosts, replays } from './replay-table.ts';

const folder = join(import.meta.dirname, '../../../../../shared/fixtures');
const isThere = existsSync(folder);
const kinds =
  /^[^/]+\/(?:follow|undo|create|update|delete|like|announce|dislike|emoji-react|block|move|flag|remove)/;
const documents = isThere
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => kinds.test(path))
      .sort()
  : [];

/** Servers whose names a test cannot have stand under others. */
const moved: Record<string, string> = {
  'localhost:8080': 'gts.example',
  '127.0.0.1:9002': 'peertube.example',
};

function load(path: string): Json {
  let text = readFileSync(join(folder, path), 'utf8');
  for (const [from, to] of Object.entries(moved)) text = text.replaceAll(from, to);
  return JSON.parse(text);
}

/** The document with the local side ours: the author, and a post that is there. */
function addressed(document: Json, sides: Record<string, string>): Json {
  let text = JSON.stringify(document);
  // Longer addresses first: one may begin with another.
  for (const from of Object.keys(sides).sort((a, b) => b.length - a.length)) {
    text = text.replaceAll(`${JSON.stringify(from).slice(0, -1)}"`, JSON.stringify(sides[from]));
  }
  return JSON.parse(text);
}

/** An actor document as that software serves it, with the id, the addresses and the key that this test needs. */
function shapedLike(path: string | undefined, id: string): { shape?: (usual: Json) => Json; keyId?: string } {
  if (path === undefined) return {};
  const original = load(path);
  const key = [original.publicKey].flat()[0] as Json | undefined;
  const keyId = typeof key?.id === 'string' ? key.id.replace(String(original.id), id) : undefined;
  return {
    ...(keyId?.startsWith(id) && { keyId }),
    shape: (usual) => {
      const { inbox, outbox, followers, preferredUsername, publicKey } = usual;
      const own = { id, inbox, outbox, followers, preferredUsername };
      const { endpoints: _, sharedInbox: __, featured: ___, ...rest } = original;
      return { ...rest, ...own, publicKey: { ...key, ...(publicKey as Json) } };
    },
  };
}

const idIn = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : String(((Array.isArray(value) ? value[0] : value) as Json | undefined)?.id ?? '');

describe.skipIf(!isThere)('what other software sends, addressed to an author here', () => {
  let app: FederatedApp;
  let post: Published;
  beforeAll(async () => {
    app = await startFederatedApp({ hosts: [...replayHosts, ...Object.values(moved)] });
    post = await app.publish({ title: 'Hello', slug: 'hello' });
  });
  afterAll(() => app.close());

  beforeEach(async () => {
    const { db } = app.app.deps;
    for (const table of ['comments', 'reactions'] as const) await db.deleteFrom(table).execute();
    const plugin = app.app.plugins.find('federation')?.context.database?.as<Record<string, object>>();
    for (const name of ['followers', 'inbox', 'mentions', 'gone', 'actors']) {
      await plugin?.deleteFrom(`plugin_federation_${name}`).execute();
    }
  });

  function actorOf(document: Json, path: string): PeerActor {
    const id = idIn(document.actor);
    const { host } = new URL(id);
    const like = replays[path]?.like;
    const name = /([\w.-]+)\/?$/.exec(id.replace(/^https?:\/\/[^/]+/, ''))?.[1] ?? host.replaceAll('.', '_');
    const keyNumber = id.length;
    const peer = app.peer(host);
    const actor = peer.actor(name, { id, keyNumber, ...shapedLike(like, id) });
    // GoToSocial's keys are documents of their own.
    if (!actor.keyId.includes('#')) peer.serve(actor.keyId, actor.document);
    return actor;
  }

  const hasComment = async (id: string) =>
    (await findReceivedComment(app.app.deps.db, 'fediverse', id)) !== null;
  const hasMessage = async (id: string) =>
    ((await app.run('mentions', 'alice')) as Json[]).some(({ object }) => object === id);
  const follows = async (id: string) =>
    ((await app.run('followers', 'alice')) as Json[]).some(({ actor }) => actor === id);
  const reactions = async (id: string) =>
    (await listReactions(app.app.deps.db, { postId: post.post.id, limit: 100 }))
      .filter(({ actorId }) => actorId === id)
      .map(({ kind }) => kind);

  /** Everything that is here of an actor and of an object. */
  async function state(actorId: string, objectId: string): Promise<string[]> {
    return [
      ...((await follows(actorId)) ? ['follower'] : []),
      ...((await hasComment(objectId)) ? ['comment'] : []),
      ...((await hasMessage(objectId)) ? ['message'] : []),
      ...(await reactions(actorId)),
    ];
  }

  async function tell(actor: PeerActor, activity: Json): Promise<number> {
    const { status } = await actor.send(app.url, activity);
    await app.idle();
    return status;
  }

  test.each(Object.entries(replays))('%s', async (path, row) => {
    const sides = {
      'https://local.example/@author': app.author,
      'https://local.example/club/test': app.author,
      'https://local.example/posts/hello': post.id,
      ...(row.author && { [row.author]: app.author }),
      ...(row.post && { [row.post]: post.id }),
    };
    const document = addressed(load(path), sides);
    const about = document.object as Json;
    const inner = row.wrapped ? (about.object as Json) : about;
    const objectId = idIn(inner);
    if (row.becomes === 400) {
      const somebody = app.peer('remote.example').actor('somebody', { keyNumber: 1 });
      expect(await tell(somebody, document)).toBe(400);
      return;
    }
    const actor = actorOf(document, path);
    if (row.wrapped) {
      const author = actorOf({ actor: inner.attributedTo ?? about.actor }, '');
      if (row.wrapped === 'served') app.peer(new URL(author.id).host).serve(objectId, inner);
    }
    if (row.before === 'follower') await tell(actor, followOf(actor, app.author));
    if (row.before === 'like') await tell(actor, activityOf(actor, 'Like', post.id));
    const commented = row.before === 'comment' ? noteOf(actor, { inReplyTo: post.id }) : null;
    if (commented) {
      const isOfActor = objectId === '' || objectId === actor.id;
      if (!isOfActor) commented.id = objectId;
      await tell(actor, activityOf(actor, 'Create', commented));
    }
    const subject = commented ? String(commented.id) : objectId;
    if (row.before) expect(await state(actor.id, subject)).toEqual([row.before]);

    const status = await tell(actor, document);

    if (typeof row.becomes === 'number') {
      expect(status).toBe(row.becomes);
      expect(await state(actor.id, subject)).toEqual(row.before ? [row.before] : []);
      return;
    }
    expect(status).toBe(202);
    expect(await state(actor.id, subject)).toEqual(row.becomes === 'nothing' ? [] : [row.becomes]);
    if (row.name) {
      const comment = await findReceivedComment(app.app.deps.db, 'fediverse', subject);
      expect(comment?.author.name).toBe(row.name);
    }
  });

  test('the table names every document', () => {
    expect(Object.keys(replays).sort()).toEqual(documents);
  });
});

test.skipIf(isThere)('the documents of other software are not here, so that nothing was replayed', () => {
  expect(documents).toEqual([]);
});
