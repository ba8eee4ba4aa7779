import { onTestFinished } from 'vitest';
import { parsePrivateNetwork } from '../../src/net/private-network.ts';
import { createSafeFetch, type SafeFetchOptions } from '../../src/net/safe-fetch.ts';

/** A safe fetch that closes with the test; `allow` as in `OUTPOST_ALLOW_PRIVATE_NETWORK`, by default all of it. */
export function fetchWith({
  allow = '1',
  ...options
}: { allow?: string } & Partial<Omit<SafeFetchOptions, 'allow'>> = {}) {
  const safeFetch = createSafeFetch({
    userAgent: 'Outpost/test',
    allow: parsePrivateNetwork(allow),
    ...options,
  });
  onTestFinished(() => safeFetch.close());
  return safeFetch;
}
