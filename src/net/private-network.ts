import { ConfigError } from '../errors.ts';

/**
 * The peers that may be reached although they are private or loopback, on any port and over plain http: none of them, all,
 * or those listed as `host:port` in lower case (IPv6 addresses in brackets).
 */
export type PrivateNetworkAllowance =
  | { kind: 'none' }
  | { kind: 'all' }
  | { kind: 'listed'; peers: ReadonlySet<string> };

const PEER = /^(?<host>\[[0-9a-f:.]+\]|[^\s:/?#@*[\]\\]+):(?<port>\d{1,5})$/i;

/**
 * Reads `OUTPOST_ALLOW_PRIVATE_NETWORK`: empty, `1`, or `host:port` separated by commas.
 * @throws ConfigError where the value is none of these
 */
export function parsePrivateNetwork(value: string): PrivateNetworkAllowance {
  const trimmed = value.trim();
  if (trimmed === '') return { kind: 'none' };
  if (trimmed === '1') return { kind: 'all' };
  return {
    kind: 'listed',
    peers: new Set(trimmed.split(',').map((entry) => parsePeer(entry.trim(), value))),
  };
}

/** Whether the allowance names this peer. `host` as `URL.hostname` or a resolver gives it, with or without brackets. */
export function allowsPeer(allow: PrivateNetworkAllowance, host: string, port: number): boolean {
  if (allow.kind !== 'listed') return allow.kind === 'all';
  return allow.peers.has(`${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`);
}

/** Whether the allowance names any peer on this port: where not, no name needs to be resolved to refuse it. */
export function allowsPort(allow: PrivateNetworkAllowance, port: number): boolean {
  if (allow.kind !== 'listed') return allow.kind === 'all';
  return [...allow.peers].some((peer) => peer.endsWith(`:${port}`));
}

function parsePeer(entry: string, value: string): string {
  const { host, port } = PEER.exec(entry)?.groups ?? {};
  const url = host === undefined ? null : URL.parse(`http://${host}`);
  const portNumber = Number(port);
  if (!url || !(portNumber >= 1 && portNumber <= 65_535)) {
    throw new ConfigError(
      `OUTPOST_ALLOW_PRIVATE_NETWORK is "${value}", in which "${entry}" cannot be used: ` +
        'leave it empty, set it to 1, or list peers as host:port separated by commas.',
    );
  }
  return `${url.hostname}:${portNumber}`;
}
