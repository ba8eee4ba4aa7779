import { lookup, Resolver } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';

/** Gives the IP addresses of a name, IPv4 first; rejects where there are none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

const CACHED_NAMES = 2_000;
const CACHED_MS = 30_000;
const QUERY_TIMEOUT_MS = 1_500;
const QUERY_TRIES = 2;
/** How long a name that has an IPv4 address waits for its IPv6 ones. Source: RFC 8305, section 3 (which waits less). */
const SECOND_FAMILY_MS = 200;
const NO_SUCH_NAME = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED', 'EBADNAME', 'EFORMERR']);

/** Who is asked: DNS for each family, and the system. */
export type NameSources = {
  resolve4(name: string): Promise<readonly string[]>;
  resolve6(name: string): Promise<readonly string[]>;
  lookup(name: string): Promise<readonly string[]>;
};

/**
 * Resolves names by DNS, and by the system (hosts file, search domains) those that DNS does not know. DNS is asked over
 * sockets: the system's resolver blocks one of the few threads that also sign, and names of dead hosts would fill them.
 * Answers are kept for half a minute; questions that come while one is open share its answer.
 */
export function createResolver(sources: NameSources = systemSources()): Resolve {
  const answers = new LRUCache<string, Promise<readonly string[]>>({ max: CACHED_NAMES, ttl: CACHED_MS });

  return (hostname) => {
    const name = hostname.replace(/\.$/, '');
    const known = answers.get(name);
    if (known) return known;
    const answer = resolveName(sources, name);
    answers.set(name, answer);
    answer.catch(() => answers.delete(name));
    return answer;
  };
}

async function resolveName(sources: NameSources, name: string): Promise<readonly string[]> {
  // Source: RFC 6761, section 6.3.
  if (name === 'localhost' || name.endsWith('.localhost')) return ['127.0.0.1', '::1'];
  if (!name.includes('.')) return sources.lookup(name);

  const ipv6 = sources.resolve6(name).then(asAnswer, asFailure);
  const first = await sources.resolve4(name).then(asAnswer, asFailure);
  const second = await (first.addresses.length === 0 ? ipv6 : within(SECOND_FAMILY_MS, ipv6));
  const addresses = [...first.addresses, ...second.addresses];
  if (addresses.length > 0) return addresses;

  const failure = first.error ?? second.error;
  const knownNowhere = [first.error, second.error].every(
    (error) => !error || NO_SUCH_NAME.has(codeOf(error)),
  );
  if (knownNowhere) return sources.lookup(name);
  throw failure;
}

function systemSources(): NameSources {
  const dns = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
  return {
    resolve4: (name) => dns.resolve4(name),
    resolve6: (name) => dns.resolve6(name),
    lookup: async (name) =>
      (await lookup(name, { all: true, order: 'ipv4first' })).map(({ address }) => address),
  };
}

type Answer = { addresses: readonly string[]; error?: unknown };
const asAnswer = (addresses: readonly string[]): Answer => ({ addresses });
const asFailure = (error: unknown): Answer => ({ addresses: [], error });

async function within(ms: number, answer: Promise<Answer>): Promise<Answer> {
  const timer = new AbortController();
  const late = delay(ms, { addresses: [] }, { signal: timer.signal, ref: false });
  try {
    return await Promise.race([answer, late]);
  } finally {
    late.catch(asFailure);
    timer.abort();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
