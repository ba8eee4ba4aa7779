import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FederationContext } from '../../../../plugins/federation/context.ts';
import { tablesOf } from '../../../../plugins/federation/context.ts';
import { decideQuote } from '../../../../plugins/federation/quotes/decide-quote.ts';
import { withoutQuoteLine } from '../../../../plugins/federation/quotes/quote-html.ts';
import { findQuote } from '../../../../plugins/federation/quotes/quote-store.ts';
import { countReactions } from '../../../../src/reactions/reaction-store.ts';
import { signIn } from '../../../support/create-test-app.ts';
import {
  activityOf,
  type FederatedApp,
  freshId,
  noteOf,
  type Published,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Json, Peer, PeerActor } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let context: FederationContext;
let good: Peer;
let bob: PeerActor;
beforeAll(async () => {
  app = await startFederatedApp();
  context = app.app.plugins.find('federation')?.context as unknown as FederationContext;
  good = app.peer('good.example');
  bob = good.actor('bob');
});
afterAll(() => app.close());

let posts = 0;
function freshPost(): Promise<Published> {
  posts += 1;
  return app.publish({ title: `Quoted ${posts}`, slug: `quoted-${posts}` });
}

async function tell(actor: PeerActor, activity: Json): Promise<number> {
  const { status } = await actor.send(app.url, activity);
  await app.idle();
  return status;
}

const count = async ({ post }: Published) => (await countReactions(app.app.deps.db, post.id)).quote;
const quote = (objectId: unknown) => findQuote(tablesOf(context), String(objectId));
const rule = (canQuote: 'everybody' | 'followers' | 'ask' | 'nobody') => context.settings.set({ canQuote });

/** A QuoteRequest as Mastodon sends it, with the quoting post in it. */
function requestOf(actor: PeerActor, post: Published, note: Json): Json {
  return {
    '@context': [
      'https://www.w3.org/ns/activitystreams',
      { QuoteRequest: 'https://w3id.org/fep/044f#QuoteRequest' },
    ],
    id: freshId(actor, 'quote_requests'),
    type: 'QuoteRequest',
    actor: actor.id,
    object: post.id,
    instrument: note,
  };
}

/** What the peer was sent about a request, the newest first. */
function answersTo(request: Json, type: string): Json[] {
  return good.delivered
    .map(({ activity }) => activity)
    .filter((activity) => activity.type === type && (activity.object as Json)?.id === request.id)
    .reverse();
}

async function get(address: string): Promise<{ status: number; document: Json }> {
  const answer = await fetch(address, { headers: { accept: 'application/activity+json' } });
  return { status: answer.status, document: (await answer.json()) as Json };
}

describe('whoever asks before quoting', () => {
  test('gets an authorization that everybody can read, and the same one when asking again', async () => {
    const post = await freshPost();
    const note = noteOf(bob, { quote: post.id, content: '<p>Read this!<script>x</script></p>' });
    const request = requestOf(bob, post, note);
    expect(await tell(bob, request)).toBe(202);
    await good.receives('Accept');
    const [accept] = answersTo(request, 'Accept');
    expect(accept).toMatchObject({
      actor: app.author,
      to: [bob.id],
      object: { type: 'QuoteRequest', actor: bob.id, object: post.id, instrument: note.id },
    });
    const { status, document } = await get(String(accept?.result));
    expect(status).toBe(200);
    expect(document).toMatchObject({
      id: accept?.result,
      type: 'QuoteAuthorization',
      attributedTo: app.author,
      interactingObject: note.id,
      interactionTarget: post.id,
    });
    expect(await quote(note.id)).toMatchObject({ state: 'counted', text: 'Read this!', actor_id: bob.id });
    expect(await count(post)).toBe(1);

    const again = requestOf(bob, post, note);
    await tell(bob, again);
    expect(answersTo(again, 'Accept')[0]?.result).toBe(accept?.result);
    expect(await count(post)).toBe(1);
  });

  test('cannot take what a neighbour wrote for their own', async () => {
    const post = await freshPost();
    const mallory = good.actor('mallory');
    const note = noteOf(bob, { quote: post.id, content: '<p>Bob’s words.</p>' });
    await tell(bob, activityOf(bob, 'Create', note));
    expect(await quote(note.id)).toMatchObject({ actor_id: bob.id });
    const comment = noteOf(bob, { inReplyTo: post.id });
    await tell(bob, activityOf(bob, 'Create', comment));
    for (const { id } of [note, comment]) {
      const forged = { ...noteOf(mallory, { quote: post.id, content: '<p>Mine.</p>' }), id };
      const request = requestOf(mallory, post, forged);
      await tell(mallory, request);
      expect(answersTo(request, 'Accept')).toEqual([]);
    }
    expect(await quote(note.id)).toMatchObject({ actor_id: bob.id, text: 'Bob’s words.' });
    expect(await quote(comment.id)).toBeNull();
  });

  test('with no more than the id of the quote is asked for the rest', async () => {
    const post = await freshPost();
    const note = noteOf(bob, { quote: post.id, content: '<p>By its id.</p>' });
    good.serve(String(note.id), note);
    const request = requestOf(bob, post, note);
    await tell(bob, { ...request, instrument: note.id });
    expect(answersTo(request, 'Accept')).toHaveLength(1);
    expect(await quote(note.id)).toMatchObject({ text: 'By its id.' });
  });

  test('hears no where nobody may quote, and the quote counts nowhere', async () => {
    await rule('nobody');
    const post = await freshPost();
    const note = noteOf(bob, { quote: post.id });
    const request = requestOf(bob, post, note);
    await tell(bob, request);
    await tell(bob, activityOf(bob, 'Create', note));
    await rule('everybody');
    const [reject] = answersTo(request, 'Reject');
    expect(reject).toMatchObject({ actor: app.author, object: { id: request.id } });
    expect(reject).not.toHaveProperty('result');
    expect(await quote(note.id)).toBeNull();
    expect(await count(post)).toBe(0);
  });

  test('waits where the author wants to be asked, and hears what the author says', async () => {
    await rule('ask');
    const post = await freshPost();
    const [yes, no] = [noteOf(bob, { quote: post.id }), noteOf(bob, { quote: post.id })];
    const [wanted, unwanted] = [requestOf(bob, post, yes), requestOf(bob, post, no)];
    await tell(bob, wanted);
    await tell(bob, unwanted);
    await rule('everybody');
    expect([...answersTo(wanted, 'Accept'), ...answersTo(unwanted, 'Reject')]).toEqual([]);
    expect(await quote(yes.id)).toMatchObject({ state: 'waiting' });
    expect(await count(post)).toBe(0);

    const by = { id: post.post.authorId, role: 'author' } as const;
    await decideQuote(context, { objectId: String(yes.id), by, allowed: true });
    await decideQuote(context, { objectId: String(no.id), by, allowed: false });
    await app.idle();
    expect(answersTo(wanted, 'Accept')).toHaveLength(1);
    expect(answersTo(unwanted, 'Reject')).toHaveLength(1);
    expect(await count(post)).toBe(1);
  });

  test('loses the authorization when the author takes it back', async () => {
    const post = await freshPost();
    const note = noteOf(bob, { quote: post.id });
    const request = requestOf(bob, post, note);
    await tell(bob, request);
    const address = String(answersTo(request, 'Accept')[0]?.result);
    await decideQuote(context, {
      objectId: String(note.id),
      by: { id: post.post.authorId, role: 'author' },
      allowed: false,
    });
    await app.idle();

    const stranger = { id: 'somebody-else', role: 'author' } as const;
    await expect(
      decideQuote(context, { objectId: String(note.id), by: stranger, allowed: true }),
    ).rejects.toMatchObject({ code: 'federation.no_quote' });

    const { status, document } = await get(address);
    expect({ status, type: document.type }).toEqual({ status: 410, type: 'Tombstone' });
    const deleted = good.delivered.find(({ activity }) => (activity.object as Json)?.id === address);
    expect(deleted?.activity).toMatchObject({
      type: 'Delete',
      actor: app.author,
      object: { type: 'QuoteAuthorization', interactingObject: note.id },
    });
    expect(await count(post)).toBe(0);
    const again = requestOf(bob, post, note);
    await tell(bob, again);
    expect(answersTo(again, 'Reject')).toHaveLength(1);
  });

  test('after the quote was there gets what the author said to it, or what the rule says by now', async () => {
    await rule('ask');
    const post = await freshPost();
    const [refused, waiting] = [noteOf(bob, { quote: post.id }), noteOf(bob, { quote: post.id })];
    for (const note of [refused, waiting]) await tell(bob, activityOf(bob, 'Create', note));
    const by = { id: post.post.authorId, role: 'author' } as const;
    await decideQuote(context, { objectId: String(refused.id), by, allowed: false });
    await rule('everybody');
    const requests = [requestOf(bob, post, refused), requestOf(bob, post, waiting)] as const;
    for (const request of requests) await tell(bob, request);
    expect(answersTo(requests[0], 'Reject')).toHaveLength(1);
    expect(answersTo(requests[1], 'Accept')).toHaveLength(1);
    expect(await quote(refused.id)).toMatchObject({ state: 'refused' });
    expect(await quote(waiting.id)).toMatchObject({ state: 'counted' });
    expect(await count(post)).toBe(1);
  });

  test('for somebody else’s text gets nothing', async () => {
    const post = await freshPost();
    const carl = good.actor('carl');
    const note = noteOf(carl, { quote: post.id });
    const request = requestOf(bob, post, note);
    expect(await tell(bob, request)).toBe(202);
    const foreign = requestOf(bob, post, {
      ...noteOf(bob, { quote: post.id }),
      id: 'https://other.example/n/1',
    });
    expect(await tell(bob, foreign)).toBe(202);
    expect([...answersTo(request, 'Accept'), ...answersTo(foreign, 'Accept')]).toEqual([]);
    expect(await count(post)).toBe(0);
  });

  test('an authorization that nobody gave is not there', async () => {
    expect((await get(`${app.url}/ap/authorizations/${crypto.randomUUID()}`)).status).toBe(404);
  });
});

describe('whoever quotes without asking', () => {
  test.each([
    ['Mastodon', (id: string) => ({ quote: id, quoteUri: id, _misskey_quote: id })],
    ['Fedibird', (id: string) => ({ quoteUri: id, _misskey_quote: id })],
    ['Misskey', (id: string) => ({ quoteUrl: id, _misskey_quote: id })],
    ['Akkoma', (id: string) => ({ quoteUri: id })],
    [
      'FEP-e232',
      (id: string) => ({
        tag: [
          {
            type: 'Link',
            mediaType: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
            href: id,
            rel: 'https://misskey-hub.net/ns#_misskey_quote',
          },
        ],
      }),
    ],
  ])('is counted, in the form of %s, and makes no comment', async (_name, members) => {
    const post = await freshPost();
    const note = noteOf(bob, members(post.id));
    await tell(bob, activityOf(bob, 'Create', note));
    await tell(bob, activityOf(bob, 'Create', note));
    expect(await count(post)).toBe(1);
    expect(
      await app.app.deps.db.selectFrom('comments').select('id').where('post_id', '=', post.post.id).execute(),
    ).toEqual([]);
  });

  test('and answers as well is a comment and a quote', async () => {
    const post = await freshPost();
    const note = noteOf(bob, { inReplyTo: post.id, quoteUrl: post.id });
    await tell(bob, activityOf(bob, 'Create', note));
    expect(await count(post)).toBe(1);
    expect(await context.comments.findReceived(String(note.id))).not.toBeNull();
  });

  test('is followed through an edit, one that takes the quote away, and a deletion', async () => {
    const post = await freshPost();
    const note = noteOf(bob, { quoteUrl: post.id });
    const other = noteOf(bob, { quoteUrl: post.id });
    await tell(bob, activityOf(bob, 'Create', note));
    await tell(bob, activityOf(bob, 'Create', other));
    const later = new Date(Date.now() + 1000).toISOString();
    await tell(bob, activityOf(bob, 'Update', { ...note, content: '<p>Better said.</p>', updated: later }));
    expect(await quote(note.id)).toMatchObject({ text: 'Better said.' });

    const plain = { ...note, quoteUrl: undefined, updated: new Date(Date.now() + 2000).toISOString() };
    await tell(bob, activityOf(bob, 'Update', plain));
    expect(await quote(note.id)).toBeNull();
    // One of two is left, and somebody is counted once.
    expect(await count(post)).toBe(1);
    await tell(bob, activityOf(bob, 'Delete', String(other.id)));
    expect(await count(post)).toBe(0);
  });

  test('for a few eyes is nobody else’s business', async () => {
    const post = await freshPost();
    const note = noteOf(bob, { quoteUrl: post.id, to: [`${bob.id}/followers`], cc: [app.author] });
    await tell(bob, activityOf(bob, 'Create', note));
    expect(await count(post)).toBe(0);
  });

  test('another’s Delete or Update of a quote changes nothing', async () => {
    const post = await freshPost();
    const note = noteOf(bob, { quoteUrl: post.id });
    await tell(bob, activityOf(bob, 'Create', note));
    const dora = good.actor('dora');
    await tell(dora, activityOf(dora, 'Delete', String(note.id)));
    await tell(dora, activityOf(dora, 'Update', { ...note, attributedTo: dora.id, quoteUrl: undefined }));
    expect(await count(post)).toBe(1);
  });
});

test('quotes are listed and decided about on the command line', async () => {
  await rule('ask');
  const post = await freshPost();
  const note = noteOf(bob, { quoteUrl: post.id, content: '<p>By command.</p>' });
  await tell(bob, activityOf(bob, 'Create', note));
  await rule('everybody');
  expect(await app.run('quotes', 'alice', '--state', 'waiting')).toMatchObject([
    { id: note.id, postId: post.post.id, handle: '@bob@good.example', text: 'By command.', state: 'waiting' },
  ]);
  expect(await app.run('allow-quote', String(note.id))).toMatchObject({ state: 'counted' });
  expect(await count(post)).toBe(1);
  expect(await app.run('refuse-quote', String(note.id))).toMatchObject({ state: 'refused' });
  expect(await count(post)).toBe(0);
  await expect(app.run('quotes', 'alice', '--state', 'odd')).rejects.toMatchObject({
    code: 'federation.quote_state',
  });
});

test('an author decides about quotes on a page of the admin', async () => {
  await rule('ask');
  const post = await freshPost();
  const note = noteOf(bob, { quote: post.id, content: '<p>May I?</p>', summary: 'Shy', sensitive: true });
  const request = requestOf(bob, post, note);
  await tell(bob, request);
  await rule('everybody');
  const admin = await signIn(app.url, { username: 'alice', password: 'correct horse battery' });
  const page = await admin.page('/admin/federation/quotes');
  expect(page).toContain('May I?');
  expect(page).toContain('<summary><bdi>Shy</bdi></summary>');
  await admin.post('/admin/federation/quotes?do=allow', { id: String(note.id) });
  await app.idle();
  expect(answersTo(request, 'Accept')).toHaveLength(1);
  expect(await admin.page(`/admin/federation/posts/${post.post.id}`)).toContain('May I?');
  expect(await (await fetch(post.url)).text()).toContain('1 quote');
});

describe('the line that says what is quoted', () => {
  test.each([
    [
      'Mastodon',
      '<p>RE: <a href="https://a.example/x">https://a.example/x</a></p><p>Read.</p>',
      '<p>Read.</p>',
    ],
    [
      'Misskey',
      '<p>Read.<br><br>RE: <a href="https://a.example/x">https://a.example/x</a></p>',
      '<p>Read.</p>',
    ],
    ['Akkoma', '<p>Read.</p>RE: <a href="https://a.example/x">x</a>', '<p>Read.</p>'],
  ])('of %s is left out', (_name, html, shown) => {
    expect(withoutQuoteLine(html)).toBe(shown);
  });

  test('is told from a text about something', () => {
    const html = '<p>RE: your letter, <a href="https://a.example/x">this</a>.</p>';
    expect(withoutQuoteLine(html)).toBe(html);
  });
});

const fixtures = path.resolve(import.meta.dirname, '../../../../../shared/fixtures');
test
  .runIf(existsSync(fixtures))
  .each(['misskey/note-quote.json', 'misskey/note-quote-recursive.json', 'fedibird/note-quote.json'])(
  '%s, when it quotes a post, is counted, and its text shown without the line',
  async (file) => {
    const post = await freshPost();
    const original = JSON.parse(readFileSync(path.join(fixtures, file), 'utf8')) as Json;
    const members = ['quote', 'quoteUri', 'quoteUrl', '_misskey_quote'].filter((name) => name in original);
    const note: Json = {
      ...original,
      id: freshId(bob, 'notes'),
      attributedTo: bob.id,
      ...Object.fromEntries(members.map((name) => [name, post.id])),
    };
    await tell(bob, { ...activityOf(bob, 'Create', note), to: original.to, cc: original.cc });
    expect(await count(post)).toBe(1);
    const text = (await quote(note.id))?.text ?? '';
    expect(text).not.toMatch(/(?:RE|QT):/);
    expect(text.trim()).not.toBe('');
  },
);

test.runIf(existsSync(fixtures))(
  'mastodon/quote-request.json is answered with an authorization',
  async () => {
    const post = await freshPost();
    const original = JSON.parse(
      readFileSync(path.join(fixtures, 'mastodon/quote-request.json'), 'utf8'),
    ) as Json;
    const instrument = {
      ...(original.instrument as Json),
      id: freshId(bob, 'statuses'),
      quote: post.id,
      attributedTo: bob.id,
    };
    const request = { ...original, id: freshId(bob), actor: bob.id, object: post.id, instrument };
    await tell(bob, request);
    expect(answersTo(request, 'Accept')).toHaveLength(1);
    expect(await quote(instrument.id)).toMatchObject({
      state: 'counted',
      warning: 'Show more',
      text: 'Hello universe',
    });
  },
);

test('an account that is gone takes its quotes with it', async () => {
  const post = await freshPost();
  const gone = good.actor('gone');
  const note = noteOf(gone, { quoteUrl: post.id });
  await tell(gone, activityOf(gone, 'Create', note));
  expect(await count(post)).toBe(1);
  await tell(gone, activityOf(gone, 'Delete', gone.id));
  expect(await count(post)).toBe(0);
  expect(await quote(note.id)).toBeNull();
});
