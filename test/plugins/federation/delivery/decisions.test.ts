import { describe, expect, test } from 'vitest';
import { comparePost } from '../../../../plugins/federation/delivery/federate-post.ts';
import {
  maySignOtherwise,
  outcomeOfAnswer,
  outcomeOfError,
  retryAfterMs,
} from '../../../../plugins/federation/delivery/outcome.ts';
import { nextTry } from '../../../../plugins/federation/delivery/retry-schedule.ts';
import { settle } from '../../../../plugins/federation/delivery/settle.ts';
import type { ObjectRow } from '../../../../plugins/federation/tables.ts';
import { FetchFailedError, FetchRefusedError, FetchTimeoutError } from '../../../../src/net/fetch-errors.ts';

const now = new Date('2026-11-01T12:00:00Z');
const hour = 3_600_000;

describe('what an answer means', () => {
  test.each([200, 201, 202, 204])('%i is delivered', (status) => {
    expect(outcomeOfAnswer(status, undefined, now)).toEqual({ kind: 'delivered', status });
  });

  test.each([301, 307, 401, 408, 425, 429, 500, 502, 503])('%i is tried again', (status) => {
    expect(outcomeOfAnswer(status, undefined, now)).toMatchObject({ kind: 'retry', status, why: 'status' });
  });

  test.each([400, 403, 404, 405, 413, 422])('%i is not tried again', (status) => {
    expect(outcomeOfAnswer(status, undefined, now)).toMatchObject({ kind: 'refused', status });
  });

  test('410 means that the inbox is gone', () => {
    expect(outcomeOfAnswer(410, undefined, now)).toMatchObject({ kind: 'gone', status: 410 });
  });

  test('Retry-After counts with whatever is tried again', () => {
    expect(outcomeOfAnswer(429, '120', now)).toMatchObject({ toldMs: 120_000 });
    expect(outcomeOfAnswer(503, '1', now)).toMatchObject({ toldMs: 1000 });
    expect(outcomeOfAnswer(500, '60', now)).toMatchObject({ toldMs: 60_000 });
    expect(outcomeOfAnswer(422, '60', now)).not.toHaveProperty('toldMs');
  });

  test.each([
    [503, false],
    [429, false],
    [401, false],
    [500, true],
    [504, true],
  ])('after %i it may have arrived all the same: %s', (status, maybeThere) => {
    expect(outcomeOfAnswer(status, undefined, now)).toMatchObject({ maybeThere });
  });

  test.each([
    ['120', 120_000],
    ['Sun, 01 Nov 2026 12:02:00 GMT', 120_000],
    ['1000000000', 1e12],
    ['-5', null],
    ['soon', null],
    ['Sun, 01 Nov 2026 11:00:00 GMT', null],
    [undefined, null],
  ])('Retry-After %s is %s milliseconds', (value, ms) => {
    expect(retryAfterMs(value, now)).toBe(ms);
  });

  test.each(['dns', 'connect', 'tls'] as const)('where %s failed nothing was sent', (reason) => {
    const outcome = outcomeOfError(new FetchFailedError('a', reason, 'No.'));
    expect(outcome).toMatchObject({ kind: 'retry', why: reason, maybeThere: false });
  });

  test('where the connection broke off or was silent it may have arrived', () => {
    const outcomes = [
      new FetchFailedError('a', 'reset', 'No.'),
      new FetchFailedError('a', 'response', 'No.'),
      new FetchTimeoutError('a', 'No.'),
    ].map(outcomeOfError);
    expect(outcomes).toMatchObject([
      { kind: 'retry', why: 'reset', maybeThere: true },
      { kind: 'retry', why: 'response', maybeThere: true },
      { kind: 'retry', why: 'timeout', maybeThere: true },
    ]);
    expect(outcomeOfError(new FetchRefusedError('a', 'No.'))).toMatchObject({ kind: 'refused' });
    expect(outcomeOfError(new FetchFailedError('a', 'aborted', 'No.'))).toEqual({ kind: 'interrupted' });
  });

  test('the other kind of signature is tried where the first may not be understood', () => {
    expect([400, 401, 403].every((status) => maySignOtherwise(status, 'a.example'))).toBe(true);
    expect(maySignOtherwise(404, 'www.threads.net')).toBe(true);
    expect(maySignOtherwise(404, 'notthreads.net')).toBe(false);
    expect(maySignOtherwise(500, 'a.example')).toBe(false);
  });
});

describe('when it is tried again', () => {
  test('at least eight times over at least two days, then no more', () => {
    let ageMs = 0;
    let attempts = 1;
    const waits: number[] = [];
    for (;;) {
      const next = nextTry({ attempts, ageMs, chance: 0, told: null });
      if (next.kind === 'give-up') break;
      waits.push(next.afterMs);
      ageMs += next.afterMs;
      attempts += 1;
    }
    expect(attempts).toBeGreaterThanOrEqual(8);
    expect(ageMs).toBeGreaterThanOrEqual(48 * hour);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBeLessThan(60_000);
  });

  test('those that failed together are spread out, and never sooner', () => {
    const at = (chance: number) => nextTry({ attempts: 3, ageMs: 0, chance, told: null });
    expect(at(1)).toMatchObject({ afterMs: expect.closeTo(1.2 * (at(0) as { afterMs: number }).afterMs, 0) });
  });

  test('what the server asks for is kept, a day at most', () => {
    expect(nextTry({ attempts: 1, ageMs: 0, chance: 1, told: 2000 })).toEqual({
      kind: 'again',
      afterMs: 2000,
    });
    expect(nextTry({ attempts: 1, ageMs: 0, chance: 1, told: 1e12 })).toEqual({
      kind: 'again',
      afterMs: 24 * hour,
    });
  });

  test('a server that asks for short waits is not given up after minutes', () => {
    expect(nextTry({ attempts: 500, ageMs: hour, chance: 0, told: 1000 }).kind).toBe('again');
  });

  test('what waited for a week is given up, however often it was tried', () => {
    expect(nextTry({ attempts: 1, ageMs: 8 * 24 * hour, chance: 0, told: null }).kind).toBe('give-up');
  });

  test('what was interrupted does not count', () => {
    const how = { attempts: 1, createdAt: now.toISOString(), now, chance: 0 };
    expect(settle({ kind: 'interrupted' }, how)).toBeNull();
    expect(settle({ kind: 'refused', status: 403, why: 'status', reason: 'No.' }, how)).toMatchObject({
      state: 'abandoned',
    });
    const failure = { status: 500, why: 'status', reason: 'No.', toldMs: null, maybeThere: true } as const;
    const retry = { kind: 'retry', ...failure } as const;
    expect(settle(retry, how)).toMatchObject({ state: 'failed', nextAttemptAt: expect.any(String) });
  });
});

describe('what followers are told of a post', () => {
  const row = (id: string, state: ObjectRow['state']): ObjectRow => ({
    id,
    kind: 'post',
    local_id: '1',
    publication: 1,
    user_id: 'u',
    state,
    created_at: '',
    gone_at: null,
  });

  test('a new publication is new, and the earlier one is gone', () => {
    const first = row('p', 'live');
    expect(comparePost([], 'p')).toEqual({ gone: [], present: 'new' });
    expect(comparePost([first], 'p')).toEqual({ gone: [], present: 'known' });
    expect(comparePost([first], 'p-2')).toEqual({ gone: [first], present: 'new' });
    expect(comparePost([first], null)).toEqual({ gone: [first], present: 'none' });
    expect(comparePost([row('p', 'gone')], null)).toEqual({ gone: [], present: 'none' });
  });
});
