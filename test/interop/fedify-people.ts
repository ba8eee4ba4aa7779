import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, createFederation, MemoryKvStore } from '@fedify/fedify';
import {
  Activity,
  Announce,
  Block,
  Create,
  Delete,
  Endpoints,
  Follow,
  Image,
  isActor,
  Like,
  Mention,
  Note,
  Person,
  PUBLIC_COLLECTION,
  Tombstone,
  Undo,
  Update,
} from '@fedify/fedify/vocab';
import { Temporal as Polyfill } from '@js-temporal/polyfill';

/** What a test asks for. */
export type Order = Record<string, unknown>;

type NoteRow = {
  id: string;
  by: string;
  content: string;
  inReplyTo: string;
  to: string;
  mention: string;
  audience: 'public' | 'direct';
  published: string;
  updated: string | null;
  gone: boolean;
};

/** The people of the peer: what they do when they are told, and how their server answers. */
export type People = {
  tell(deed: string, order: Order): Promise<unknown>;
  /** @param body the request's body once more, as text */
  answer(request: Request, body: string): Promise<Response>;
};

/** Makes the people of a server at `origin`; everybody whose name is of small letters is there. */
export function createPeople(origin: string): People {
  const notes = new Map<string, NoteRow>();
  const done = new Map<string, { activity: Activity; to: string }>();
  const received: unknown[] = [];
  const keys = new Map<string, Promise<CryptoKeyPair>>();
  const arriving = new AsyncLocalStorage<{ body: string; headers: Record<string, string> }>();
  const federation = createFederation<void>({ kv: new MemoryKvStore(), origin, allowPrivateAddress: true });
  let count = 0;

  federation
    .setActorDispatcher('/users/{identifier}', async (ctx, identifier) => {
      if (!/^[a-z]+$/.test(identifier)) return null;
      const [pair] = await ctx.getActorKeyPairs(identifier);
      return new Person({
        id: ctx.getActorUri(identifier),
        preferredUsername: identifier,
        name: `${identifier.charAt(0).toUpperCase()}${identifier.slice(1)} Reader`,
        summary: '<p>Reads <strong>everything</strong>.</p>',
        url: new URL(`${origin}/@${identifier}`),
        icon: new Image({ url: new URL(`${origin}/avatars/${identifier}.png`), mediaType: 'image/png' }),
        inbox: ctx.getInboxUri(identifier),
        endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
        followers: ctx.getFollowersUri(identifier),
        publicKey: pair?.cryptographicKey,
      });
    })
    .setKeyPairsDispatcher(async (_ctx, identifier) => {
      const pair = keys.get(identifier) ?? makeKeys();
      keys.set(identifier, pair);
      return [await pair];
    });
  federation.setFollowersDispatcher('/users/{identifier}/followers', async () => ({ items: [] }));
  federation.setObjectDispatcher(Note, '/notes/{id}', (ctx, { id }) => {
    const row = notes.get(id);
    return row ? noteOf(ctx, row) : null;
  });
  federation
    .setInboxListeners('/users/{identifier}/inbox', '/inbox')
    .on(Activity, async (ctx, { id: activityId }) => {
      // Only what Fedify has verified comes here.
      const { body = '{}', headers = {} } = arriving.getStore() ?? {};
      const json: Record<string, unknown> = JSON.parse(body);
      received.push({
        type: json.type,
        id: activityId?.href ?? null,
        recipient: ctx.recipient,
        json,
        headers,
      });
    });

  function noteOf(ctx: Context<void>, row: NoteRow): Note {
    const author = new URL(row.to);
    const audience =
      row.audience === 'public'
        ? { to: PUBLIC_COLLECTION, ccs: [author, ctx.getFollowersUri(row.by)] }
        : { to: author };
    return new Note({
      id: ctx.getObjectUri(Note, { id: row.id }),
      attribution: ctx.getActorUri(row.by),
      ...audience,
      content: row.content,
      ...(row.inReplyTo && { replyTarget: new URL(row.inReplyTo) }),
      tags: [new Mention({ href: author, name: row.mention })],
      url: new URL(`${origin}/@${row.by}/${row.id}`),
      published: instant(row.published),
      updated: row.updated === null ? null : instant(row.updated),
    });
  }

  async function send(ctx: Context<void>, by: string, to: string, activity: Activity) {
    const { id, inboxId, endpoints } = await actorAt(ctx, to);
    await ctx.sendActivity({ identifier: by }, { id, inboxId, endpoints }, activity, { immediate: true });
    const activityId = activity.id?.href ?? '';
    done.set(activityId, { activity, to });
    return { activity: activityId };
  }

  const nextId = (what: string) => {
    count += 1;
    return new URL(`${origin}/activities/${what}-${count}`);
  };
  const rowFor = (order: Order) => {
    const row = notes.get(word(order, 'note').split('/').at(-1) ?? '');
    if (!row) throw new Error(`There is no note ${word(order, 'note')}.`);
    return row;
  };
  const aboutNote = (ctx: Context<void>, row: NoteRow) => {
    const note = noteOf(ctx, row);
    return { actor: ctx.getActorUri(row.by), object: note, tos: [...note.toIds], ccs: [...note.ccIds] };
  };

  const deeds: Record<string, (ctx: Context<void>, order: Order, by: string) => Promise<unknown>> = {
    async lookup(ctx, order) {
      const handle = word(order, 'handle').replace(/^@/, '');
      const webfinger = await ctx.lookupWebFinger(`acct:${handle}`);
      const { found } = await actorAt(ctx, handle);
      return { webfinger, actor: await found.toJsonLd({ format: 'compact' }) };
    },
    async follow(ctx, order, by) {
      const { id } = await actorAt(ctx, word(order, 'handle'));
      const follow = new Follow({ id: nextId('follow'), actor: ctx.getActorUri(by), object: id });
      return send(ctx, by, id.href, follow);
    },
    async reply(ctx, order, by) {
      const { id, found } = await actorAt(ctx, word(order, 'to'));
      count += 1;
      const row: NoteRow = {
        id: `note-${count}`,
        by,
        content: word(order, 'content'),
        inReplyTo: word(order, 'inReplyTo'),
        to: id.href,
        mention: `@${String(found.preferredUsername)}@${id.host}`,
        audience: order.audience === 'direct' ? 'direct' : 'public',
        published: new Date().toISOString(),
        updated: null,
        gone: false,
      };
      notes.set(row.id, row);
      await send(ctx, by, row.to, new Create({ id: nextId('create'), ...aboutNote(ctx, row) }));
      return { note: ctx.getObjectUri(Note, { id: row.id }).href };
    },
    async edit(ctx, order, by) {
      const row = rowFor(order);
      row.content = word(order, 'content');
      row.updated = new Date().toISOString();
      return send(ctx, by, row.to, new Update({ id: nextId('update'), ...aboutNote(ctx, row) }));
    },
    async remove(ctx, order, by) {
      const row = rowFor(order);
      row.gone = true;
      const object = new Tombstone({ id: ctx.getObjectUri(Note, { id: row.id }) });
      const actor = ctx.getActorUri(by);
      return send(
        ctx,
        by,
        row.to,
        new Delete({ id: nextId('delete'), actor, object, to: PUBLIC_COLLECTION }),
      );
    },
    async like(ctx, order, by) {
      const object = new URL(word(order, 'object'));
      const like = new Like({ id: nextId('like'), actor: ctx.getActorUri(by), object });
      return send(ctx, by, word(order, 'to'), like);
    },
    async boost(ctx, order, by) {
      const object = new URL(word(order, 'object'));
      const actor = ctx.getActorUri(by);
      const boost = new Announce({ id: nextId('announce'), actor, object, to: PUBLIC_COLLECTION });
      return send(ctx, by, word(order, 'to'), boost);
    },
    async block(ctx, order, by) {
      const { id } = await actorAt(ctx, word(order, 'to'));
      const block = new Block({ id: nextId('block'), actor: ctx.getActorUri(by), object: id });
      return send(ctx, by, id.href, block);
    },
    async undo(ctx, order, by) {
      const before = done.get(word(order, 'activity'));
      if (!before) throw new Error(`Nothing is known of ${word(order, 'activity')}.`);
      const undo = new Undo({ id: nextId('undo'), actor: ctx.getActorUri(by), object: before.activity });
      return send(ctx, by, before.to, undo);
    },
    async fetch(ctx, order) {
      const found = await ctx.lookupObject(word(order, 'url'));
      return found ? await found.toJsonLd({ format: 'compact' }) : null;
    },
    received: async () => received,
  };

  return {
    async tell(name, order) {
      const deed = deeds[name];
      if (!deed) throw new Error(`The peer cannot ${name}.`);
      return deed(federation.createContext(new URL(origin), undefined), order, word(order, 'by') || 'bob');
    },
    async answer(request, body) {
      const { pathname } = new URL(request.url);
      if (notes.get(pathname.slice('/notes/'.length))?.gone) return new Response(null, { status: 410 });
      const headers = Object.fromEntries(request.headers);
      return arriving.run({ body, headers }, () => federation.fetch(request, { contextData: undefined }));
    },
  };
}

/** A key of the size that nearly every server uses. */
function makeKeys(): Promise<CryptoKeyPair> {
  const publicExponent = new Uint8Array([1, 0, 1]);
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent, hash: 'SHA-256' };
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** A moment as Fedify takes it; Node 24 has no Temporal of its own. */
function instant(iso: string): Temporal.Instant {
  return Polyfill.Instant.from(iso) as unknown as Temporal.Instant;
}

function word(order: Order, name: string): string {
  const value = order[name];
  return typeof value === 'string' ? value : '';
}

/** The actor behind a handle or an id, as Fedify finds it. */
async function actorAt(ctx: Context<void>, where: string) {
  const found = await ctx.lookupObject(where);
  if (!isActor(found) || !found.id) throw new Error(`${where} is no actor.`);
  return { id: found.id, inboxId: found.inboxId, endpoints: found.endpoints, found };
}
