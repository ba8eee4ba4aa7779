import path from 'node:path';
import { LRUCache } from 'lru-cache';
import type { Deps } from '../deps.ts';
import { OutpostError } from '../errors.ts';
import { fetchPicture, NoPictureError } from './fetch-picture.ts';
import type { PictureUse } from './picture-address.ts';
import { createPictureFolder } from './picture-folder.ts';

type PictureDeps = Pick<Deps, 'config' | 'clock' | 'log' | 'fetch'>;

/** A picture from elsewhere, ready to be shown; `none` where there is nothing to show, `busy` where too many are asked for. */
export type PictureAnswer = { kind: 'picture'; bytes: Buffer } | { kind: 'none' } | { kind: 'busy' };

/** Pictures from elsewhere as this site shows them. */
export type Pictures = (use: PictureUse, url: string) => Promise<PictureAnswer>;

const goodMs = 7 * 86_400_000;
/** How old a copy may be where there is no newer one to be had. */
const usableMs = 30 * 86_400_000;
/** How long one that could not be had is not asked for again. */
const failedMs = 3_600_000;
const mostFailures = 5_000;
const mostAtOnce = 8;
const mostWaiting = 200;
const room = { files: 20_000, bytes: 256 * 1024 * 1024, ageMs: usableMs };

/**
 * Gives pictures from elsewhere: from the disk where they were fetched in the last seven days, else from their server,
 * each asked for once however many readers want it. An old copy is better than none.
 */
export function createPictures({ config, clock, log, fetch }: PictureDeps): Pictures {
  const folder = createPictureFolder(path.join(config.dataFolder, 'cache', 'pictures'), room);
  const failures = new LRUCache<string, true>({ max: mostFailures, ttl: failedMs });
  const underway = new Map<string, Promise<PictureAnswer>>();
  const waiting: (() => void)[] = [];
  let running = 0;

  async function fetchNow(use: PictureUse, url: string, key: string): Promise<PictureAnswer> {
    if (running >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      const bytes = await fetchPicture(fetch, use, url);
      await folder.put(key, bytes);
      return { kind: 'picture', bytes };
    } catch (error) {
      const isTheirs = error instanceof NoPictureError || error instanceof OutpostError;
      failures.set(key, true);
      log[isTheirs ? 'info' : 'error']({ url, err: error }, 'a picture from elsewhere cannot be shown');
      return { kind: 'none' };
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  }

  return async (use, url) => {
    const key = `${use} ${url}`;
    const kept = await folder.find(key);
    const ageMs = kept === null ? Number.POSITIVE_INFINITY : clock.now().getTime() - kept.storedAt.getTime();
    const isFresh = ageMs < goodMs;
    const old: PictureAnswer =
      kept && ageMs < usableMs ? { kind: 'picture', bytes: kept.bytes } : { kind: 'none' };
    if (isFresh || failures.has(key)) return old;
    const begun = underway.get(key);
    if (!begun && waiting.length >= mostWaiting) return old.kind === 'picture' ? old : { kind: 'busy' };
    const asking = begun ?? fetchNow(use, url, key).finally(() => underway.delete(key));
    underway.set(key, asking);
    const answer = await asking;
    return answer.kind === 'none' ? old : answer;
  };
}
