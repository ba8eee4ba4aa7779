import { isIP } from 'node:net';
import { ConfigError } from '../errors.ts';

/** Where a name leads by the table: an IP address and, where it differs from the URL's, the port. */
export type HostAddress = { address: string; port?: number };

/** Names in lower case and what they resolve to instead of asking DNS; a name may have several addresses. */
export type HostTable = ReadonlyMap<string, readonly HostAddress[]>;

const ENTRY =
  /^(?<name>[^\s=:/]+)=(?:\[(?<bracketed>[0-9a-f]*:[0-9a-f:.]*)\]|(?<v4>[0-9.]+)|(?<v6>[0-9a-f:.]+))(?::(?<port>\d{1,5}))?$/i;

/**
 * Reads `OUTPOST_HOSTS`: `name=ip` or `name=ip:port`, separated by commas; an IPv6 address that has a port stands in
 * brackets, and a name that is given twice has two addresses.
 * @throws ConfigError where the value cannot be used
 */
export function parseHosts(value: string): Map<string, HostAddress[]> {
  const table = new Map<string, HostAddress[]>();
  if (value.trim() === '') return table;
  for (const entry of value.split(',')) {
    const { name, address } = parseEntry(entry.trim(), value);
    const others = table.get(name) ?? [];
    if (others.some((other) => other.port !== address.port)) {
      throw new ConfigError(
        `OUTPOST_HOSTS gives "${name}" several ports; use the same port for each of its addresses.`,
      );
    }
    table.set(name, [...others, address]);
  }
  return table;
}

function parseEntry(entry: string, value: string): { name: string; address: HostAddress } {
  const { name = '', bracketed, v4, v6, port } = ENTRY.exec(entry)?.groups ?? {};
  const address = bracketed ?? v4 ?? v6 ?? '';
  const portNumber = port === undefined ? undefined : Number(port);
  const portFits = portNumber === undefined || (portNumber >= 1 && portNumber <= 65_535);
  if (name === '' || isIP(address) === 0 || !portFits) {
    throw new ConfigError(
      `OUTPOST_HOSTS is "${value}", in which "${entry}" cannot be used: ` +
        'write name=ip or name=ip:port, separated by commas.',
    );
  }
  return {
    name: name.toLowerCase(),
    address: { address, ...(portNumber === undefined ? {} : { port: portNumber }) },
  };
}
