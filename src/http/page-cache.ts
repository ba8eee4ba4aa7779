import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Counters } from '../db/counters.ts';

/** A finished answer to an anonymous GET. */
export type ReadyPage = {
  body: Buffer;
  headers: Readonly<Record<string, string>>;
  /** The counters it was made under: `site`, `post:ID`. It is good while they stand. */
  tags: readonly string[];
};

type Entry = ReadyPage & {
  etag: string;
  stamps: readonly number[];
  storedAt: number;
  forms: Map<'br' | 'gzip', Buffer>;
  compressing: boolean;
};

/** Ready pages as bytes, so that a visitor costs neither the database nor a template. */
export type PageCache = {
  /** Answers from the cache; false where there is no good page, and then nothing was sent. */
  serve(key: string, req: IncomingMessage, res: ServerResponse): boolean;
  /** Makes a page, once for all who wait for the same, keeps it and answers with it. */
  make(
    key: string,
    req: IncomingMessage,
    res: ServerResponse,
    render: () => Promise<ReadyPage>,
  ): Promise<void>;
  /** Forgets everything, for example when a plugin was switched. */
  clear(): void;
};

const maxAgeMs = 3_600_000;
const compressBr = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/** @param maxBytes how much memory ready pages may take */
export function createPageCache(counters: Counters, maxBytes = 32 * 1024 * 1024): PageCache {
  const entries = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    sizeCalculation: (entry) => entry.body.length * 2 + 2000,
  });
  const making = new Map<string, Promise<Entry>>();
  let clearings = 0;

  const isGood = (entry: Entry) =>
    Date.now() - entry.storedAt < maxAgeMs &&
    entry.tags.every((tag, index) => counters.get(tag) === entry.stamps[index]);

  /** Compressed forms are made once a page is asked for again, beside the requests. */
  async function compress(entry: Entry): Promise<void> {
    entry.compressing = true;
    entry.forms.set('br', await compressBr(entry.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }));
    entry.forms.set('gzip', await compressGzip(entry.body));
  }

  function chooseForm(entry: Entry, accepted: string): { encoding: 'br' | 'gzip' | null; bytes: Buffer } {
    for (const encoding of ['br', 'gzip'] as const) {
      const bytes = entry.forms.get(encoding);
      if (
        bytes &&
        accepted.includes(encoding) &&
        !new RegExp(`${encoding}\\s*;\\s*q=0(?:\\.0*)?(?:,|$)`).test(accepted)
      ) {
        return { encoding, bytes };
      }
    }
    return { encoding: null, bytes: entry.body };
  }

  function send(entry: Entry, req: IncomingMessage, res: ServerResponse): void {
    const { encoding, bytes } = chooseForm(entry, String(req.headers['accept-encoding'] ?? ''));
    const etag = encoding ? `"${entry.etag}-${encoding}"` : `"${entry.etag}"`;
    const headers: Record<string, string | number> = { ...entry.headers, ETag: etag };
    const known = String(req.headers['if-none-match'] ?? '').split(',');
    if (known.some((tag) => tag.trim().replace(/^W\//, '') === etag)) {
      delete headers['Content-Type'];
      res.writeHead(304, headers);
      res.end();
      return;
    }
    if (encoding) headers['Content-Encoding'] = encoding;
    headers['Content-Length'] = bytes.length;
    res.writeHead(200, headers);
    res.end(req.method === 'HEAD' ? undefined : bytes);
  }

  /** A change that comes while the page is being made leaves it unkept: it may be of before or after. */
  async function makeEntry(key: string, render: () => Promise<ReadyPage>): Promise<Entry> {
    const generation = counters.generation() + clearings;
    const page = await render();
    const entry: Entry = {
      ...page,
      etag: createHash('sha256').update(page.body).digest('base64url').slice(0, 22),
      stamps: page.tags.map((tag) => counters.get(tag)),
      storedAt: Date.now(),
      forms: new Map(),
      compressing: false,
    };
    if (counters.generation() + clearings === generation) entries.set(key, entry);
    return entry;
  }

  function serve(key: string, req: IncomingMessage, res: ServerResponse): boolean {
    const entry = entries.get(key);
    if (!entry) return false;
    if (!isGood(entry)) {
      entries.delete(key);
      return false;
    }
    if (!entry.compressing && entry.body.length > 1000) {
      // Where compressing fails, the plain form is served and not tried again.
      compress(entry).catch(() => entry.forms.clear());
    }
    send(entry, req, res);
    return true;
  }

  return {
    serve,
    async make(key, req, res, render) {
      // The key of the routes says less than the address: what nobody links to is no page of its own.
      if (serve(key, req, res)) return;
      let running = making.get(key);
      if (!running) {
        running = makeEntry(key, render).finally(() => making.delete(key));
        making.set(key, running);
      }
      send(await running, req, res);
    },
    clear() {
      clearings += 1;
      entries.clear();
    },
  };
}
