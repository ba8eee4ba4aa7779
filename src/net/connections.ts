import { isIPv6, type LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
import { buildConnector, type Dispatcher, Pool } from 'undici';
import { type Destination, findDestination, type Guard } from './destination.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** One address may take this long before the next is tried. */
const ADDRESS_TIMEOUT_MS = 1_000;
const CONNECTIONS_PER_ORIGIN = 16;
const ORIGINS_KEPT = 512;
const IDLE_MS = 4_000;
/** An idle connection is closed after this time even where the server offers to wait longer. */
const IDLE_MAX_MS = 5_000;
const MAX_HEADER_BYTES = 16_384;

/** Open connections by origin; those of the origins that were used last are kept for the next request. */
export type Connections = {
  /** @throws FetchRefusedError where the URL is refused without a look into DNS */
  to(url: URL): Dispatcher;
  /** Cuts every connection. */
  close(): Promise<void>;
};

/** Makes the connections of one safe fetch: at most 16 to an origin, kept for 512 origins, a few seconds when idle. */
export function createConnections(guard: Guard): Connections {
  const leaving = new Set<Pool>();
  const pools = new LRUCache<string, Pool>({
    max: ORIGINS_KEPT,
    dispose: (pool) => {
      leaving.add(pool);
      // A pool that was destroyed meanwhile rejects, and is then as closed as it should be.
      const left = () => leaving.delete(pool);
      pool.close().then(left, left);
    },
  });

  return {
    to(url) {
      const known = pools.get(url.origin);
      if (known) return known;
      const pool = openPool(url, findDestination(url, guard));
      pools.set(url.origin, pool);
      const forgetUnused = () => {
        const { connected, pending, queued, running } = pool.stats;
        const unused = connected + pending + queued + running === 0;
        if (unused && pools.peek(url.origin) === pool) pools.delete(url.origin);
      };
      pool.on('disconnect', forgetUnused).on('connectionError', forgetUnused);
      return pool;
    },
    async close() {
      const all = [...pools.values(), ...leaving];
      await Promise.all(all.map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}

function openPool(url: URL, destination: Destination): Pool {
  const dial = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    lookup: lookupOf(destination),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
    allowH2: false,
    rejectUnauthorized: true,
  });
  return new Pool(url.origin, {
    connect: (options, callback) => dial({ ...options, port: String(destination.port) }, callback),
    connections: CONNECTIONS_PER_ORIGIN,
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MAX_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The deadline of the whole exchange stands above these.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** The socket's own look-up: it dials what this gives, so that nothing lies between the check and the use. */
function lookupOf(destination: Destination): LookupFunction {
  return (_hostname, options, callback) => {
    destination.addresses().then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
        const [first = { address: '', family: 0 }] = found;
        if (options.all) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
}
