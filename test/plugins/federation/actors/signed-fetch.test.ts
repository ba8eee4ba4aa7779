import { createPublicKey } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchDocument } from '../../../../plugins/federation/actors/fetch-document.ts';
import { ensureKey } from '../../../../plugins/federation/actors/keys.ts';
import { tablesOf } from '../../../../plugins/federation/context.ts';
import { findHost, noteHost } from '../../../../plugins/federation/delivery/host-store.ts';
import { checkSignature, readSignature } from '../../../../plugins/federation/signatures/verify.ts';
import { type Peer, startPeer } from '../peer.ts';
import { type FederatedBlog, startFederatedBlog } from '../support.ts';

let blog: FederatedBlog;
let far: Peer;

beforeAll(async () => {
  blog = await startFederatedBlog({ untilTestEnds: false });
});
afterAll(() => blog.close());
beforeEach(async () => {
  far = await startPeer();
});

/** Serves a document to whom the server takes the signature of, and answers the rest with a status. */
function serveTo(path: string, status: number, isTaken: (headers: IncomingHttpHeaders) => boolean) {
  const json = { id: `${far.origin}${path}`, type: 'Note' };
  far.serve(path, {
    answer: (response, headers) => {
      const taken = isTaken(headers);
      response.writeHead(taken ? 200 : status, { 'content-type': 'application/activity+json' });
      response.end(taken ? JSON.stringify(json) : undefined);
    },
  });
}
/** A request as the other server sees it. */
const asSigned = (headers: IncomingHttpHeaders, target: string) => ({
  method: 'GET',
  target,
  headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as const),
  body: Buffer.alloc(0),
  origin: far.origin,
});
const isModern = (headers: IncomingHttpHeaders) => headers['signature-input'] !== undefined;
const schemes = () => far.requests.map(({ headers }) => (isModern(headers) ? 'rfc9421' : 'cavage'));
const schemeOf = async (host: string) => (await findHost(tablesOf(blog.context), host))?.scheme ?? null;
const get = (path: string, budget = { left: 9 }) =>
  fetchDocument(blog.context, `${far.origin}${path}`, { budget });

describe('what is fetched', () => {
  test('is signed by the site with draft-cavage first', async () => {
    serveTo('/notes/1?full=1', 401, () => true);
    expect(await get('/notes/1?full=1')).toMatchObject({ kind: 'document' });
    const [request] = far.requests;
    const reading = readSignature(asSigned(request?.headers ?? {}, '/notes/1?full=1'), new Date());
    expect(reading).toMatchObject({ claim: { scheme: 'cavage', keyId: `${blog.url}/ap/site#main-key` } });
    expect(await schemeOf(far.host)).toBeNull();
  });

  test.each([401, 400, 403])('is asked for by RFC 9421 after a %i, and then at once', async (status) => {
    serveTo('/notes/1', status, isModern);
    expect(await get('/notes/1')).toMatchObject({ kind: 'document' });
    expect(schemes()).toEqual(['cavage', 'rfc9421']);
    expect(await schemeOf(far.host)).toBe('rfc9421');
    expect(await get('/notes/1')).toMatchObject({ kind: 'document' });
    expect(schemes()).toEqual(['cavage', 'rfc9421', 'rfc9421']);
  });

  test('is asked for by draft-cavage again where the server has changed its mind', async () => {
    await noteHost(tablesOf(blog.context), far.host, { scheme: 'rfc9421' });
    serveTo('/notes/1', 401, (headers) => !isModern(headers));
    expect(await get('/notes/1')).toMatchObject({ kind: 'document' });
    expect(schemes()).toEqual(['rfc9421', 'cavage']);
    expect(await schemeOf(far.host)).toBe('cavage');
  });

  test.each([404, 410, 500])('is asked for once where the answer is %i', async (status) => {
    serveTo('/notes/1', status, () => false);
    expect((await get('/notes/1')).kind).not.toBe('document');
    expect(far.requests).toHaveLength(1);
  });

  test('is refused where the server takes neither, and nothing is remembered', async () => {
    serveTo('/notes/1', 403, () => false);
    expect(await get('/notes/1')).toEqual({ kind: 'refused', reason: 'The server answered 403.' });
    expect(schemes()).toEqual(['cavage', 'rfc9421']);
    expect(await schemeOf(far.host)).toBeNull();
  });

  test('is asked for without the query in the signature at last, where there is one', async () => {
    const path = '/notes/1?id=7';
    const forPath = (headers: IncomingHttpHeaders) =>
      !isModern(headers) && far.requests.filter(({ headers: one }) => !isModern(one)).length === 2;
    serveTo(path, 401, forPath);
    expect(await get(path)).toMatchObject({ kind: 'document' });
    expect(schemes()).toEqual(['cavage', 'rfc9421', 'cavage']);
    const isSignedFor = async (number: number, target: string) => {
      const { publicPem } = await ensureKey(blog.context, 'site');
      const reading = readSignature(asSigned(far.requests[number]?.headers ?? {}, target), new Date());
      return reading.kind === 'claim' && checkSignature(reading.claim, createPublicKey(publicPem));
    };
    expect(await isSignedFor(0, '/notes/1')).toBe(false);
    expect(await isSignedFor(2, '/notes/1')).toBe(true);
  });

  test('costs what it takes from what may be fetched', async () => {
    serveTo('/notes/1', 401, () => false);
    const budget = { left: 1 };
    expect((await get('/notes/1', budget)).kind).toBe('unreachable');
    expect(far.requests).toHaveLength(1);
    expect(budget.left).toBe(0);
  });

  test('is gone where a Tombstone says so, even with a 404', async () => {
    const json = { id: `${far.origin}/notes/1`, type: 'Tombstone' };
    far.serve('/notes/1', { status: 404, json });
    expect(await get('/notes/1')).toEqual({ kind: 'gone', status: 410 });
    far.serve('/notes/1', { status: 404, json: { ...json, id: `${far.origin}/notes/2` } });
    expect(await get('/notes/1')).toEqual({ kind: 'gone', status: 404 });
  });
});
