import { isIP } from 'node:net';
import { isPublicAddress } from './addresses.ts';
import { FetchFailedError, FetchRefusedError } from './fetch-errors.ts';
import type { HostAddress, HostTable } from './hosts.ts';
import { allowsPeer, allowsPort, type PrivateNetworkAllowance } from './private-network.ts';
import type { Resolve } from './resolve.ts';

const MAX_URL_BYTES = 2_048;
const MAX_ADDRESSES = 6;

/** What decides which addresses may be dialled: the allowance, the table of names, and who is asked for other names. */
export type Guard = { allow: PrivateNetworkAllowance; hosts: HostTable; resolve: Resolve };

/** Where the connections of one origin go: the port that is dialled, and the addresses that were found and allowed. */
export type Destination = { host: string; port: number; addresses: () => Promise<readonly string[]> };

/**
 * Reads a URL that may come from a stranger. The fragment is dropped.
 * @throws FetchRefusedError where it is no http(s) URL, too long, or carries a user name or password
 */
export function parseTarget(input: string | URL): URL {
  const url = input.toString().length > MAX_URL_BYTES ? null : URL.parse(input);
  if (!url || url.href.length > MAX_URL_BYTES) {
    throw new FetchRefusedError(
      '',
      `This is no URL of at most ${MAX_URL_BYTES} bytes; give an absolute https address.`,
    );
  }
  const { hostname: host } = url;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new FetchRefusedError(
      host,
      `${url.protocol} cannot be fetched${host && ` from ${host}`}; use https.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new FetchRefusedError(host, `The URL at ${host} carries a user name or password; leave them out.`);
  }
  url.hash = '';
  return url;
}

/**
 * Decides where a URL leads. Public addresses are reached over https on port 443 and in no other way; what the allowance
 * lists, by the URL's host and port or by the address and port dialled, is reached also where it is private, and over http.
 * Names are looked up when `addresses` is called, and what it gives is what must be dialled: asking twice is a hole.
 * @throws FetchRefusedError at once, where no answer from DNS could make it allowed; else from `addresses`
 */
export function findDestination(url: URL, guard: Guard): Destination {
  const host = url.hostname;
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const fixed = isIP(bare) === 0 ? guard.hosts.get(host) : [{ address: bare }];

  const dialled = fixed?.[0]?.port ?? port;
  const publicDoor = url.protocol === 'https:' && port === 443;
  const mayReach = (address: string): boolean =>
    allowsPeer(guard.allow, host, port) ||
    allowsPeer(guard.allow, address, dialled) ||
    (publicDoor && isPublicAddress(address));

  if (fixed) {
    const addresses = permitted(url, port, fixed.map(addressOf), mayReach);
    return { host, port: dialled, addresses: async () => addresses };
  }
  if (!publicDoor && !allowsPort(guard.allow, port)) throw refusal(url, port, 'is not https on port 443');
  const addresses = async () => permitted(url, port, await resolved(host, guard.resolve), mayReach);
  return { host, port, addresses };
}

const addressOf = ({ address }: HostAddress): string => address;

function permitted(url: URL, port: number, found: readonly string[], mayReach: (address: string) => boolean) {
  const reachable = found.filter(mayReach).slice(0, MAX_ADDRESSES);
  if (reachable.length > 0) return reachable;
  throw refusal(url, port, 'leads to a private address or is not https on port 443');
}

function refusal(url: URL, port: number, why: string): FetchRefusedError {
  const remedy = `for development, list ${url.hostname}:${port} in OUTPOST_ALLOW_PRIVATE_NETWORK`;
  return new FetchRefusedError(url.hostname, `${url.origin} ${why}; ${remedy}.`);
}

async function resolved(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FetchFailedError(host, 'dns', `${host} cannot be found (${why}); check the name.`, error);
  }
}
