import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { ConfigError } from './errors.ts';
import { parseHosts } from './net/hosts.ts';
import { type PrivateNetworkAllowance, parsePrivateNetwork } from './net/private-network.ts';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What is to happen at a failpoint, for tests of faults. */
export type Fault = { kind: 'crash' } | { kind: 'throw' } | { kind: 'hang'; ms: number };

/** Everything that the environment decides, read once. */
export type Config = {
  version: string;
  /** The public origin without a slash at its end: `https://blog.example`. */
  origin: string;
  port: number;
  host: string;
  /** Absolute path of the folder with all that the owner must keep. */
  dataFolder: string;
  /** `postgres://…`, or null for the SQLite file in the data folder. */
  databaseUrl: string | null;
  /** Express's `trust proxy`. */
  trustProxy: false | number | string[];
  privateNetwork: PrivateNetworkAllowance;
  traceHooks: boolean;
  logLevel: LogLevel;
  faults: ReadonlyMap<string, Fault>;
  clockOffsetSeconds: number;
  hosts: ReturnType<typeof parseHosts>;
};

function refuse(name: string, value: string, allowed: string): never {
  throw new ConfigError(`${name}=${value} cannot be used: ${allowed}.`);
}

function readPort(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port < 1 || port > 65_535)
    refuse('PORT', value, 'give a number from 1 to 65535');
  return port;
}

function readOrigin(value: string): string {
  const hint = 'give the public address of the blog without a path, such as https://blog.example';
  if (!URL.canParse(value)) refuse('OUTPOST_URL', value, hint);
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse('OUTPOST_URL', value, hint);
  if (url.pathname !== '/' || url.search || url.hash || url.username || url.password)
    refuse('OUTPOST_URL', value, hint);
  return url.origin;
}

/** An address, or a block of them such as 10.0.0.0/8. */
function isAddress(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  if (isIP(address) === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most);
}

function readTrustProxy(value: string): false | number | string[] {
  if (value === 'none' || value === 'false') return false;
  if (/^\d+$/.test(value)) return Number(value);
  const parts = value.split(',').map((part) => part.trim());
  const named = ['loopback', 'linklocal', 'uniquelocal'];
  for (const part of parts) {
    if (!named.includes(part) && !isAddress(part)) {
      refuse(
        'OUTPOST_TRUST_PROXY',
        value,
        'give none, loopback, linklocal, uniquelocal, a number of proxies, or addresses separated by commas',
      );
    }
  }
  return parts;
}

function readFaults(value: string): Map<string, Fault> {
  const faults = new Map<string, Fault>();
  for (const part of value.split(',').filter(Boolean)) {
    const match = /^([a-z][\w.-]*)=(crash|throw|hang:(\d+))$/.exec(part.trim());
    if (!match?.[1])
      refuse(
        'OUTPOST_FAULTS',
        value,
        'give name=crash, name=throw or name=hang:MILLISECONDS, separated by commas',
      );
    const hang = match[3];
    faults.set(
      match[1],
      hang ? { kind: 'hang', ms: Number(hang) } : { kind: match[2] === 'crash' ? 'crash' : 'throw' },
    );
  }
  return faults;
}

function readDatabaseUrl(value: string): string | null {
  if (value === '') return null;
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) {
    refuse(
      'DATABASE_URL',
      value.replace(/\/\/[^@]*@/, '//…@'),
      'give postgres://user:password@host/database, or leave it empty for SQLite',
    );
  }
  return value;
}

/** Runs a parser of one variable and names the variable in what it throws. */
function named<T>(name: string, value: string, parse: (value: string) => T): T {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    return refuse(name, value, error instanceof Error ? error.message.replace(/\.$/, '') : String(error));
  }
}

/** What package.json says of Outpost itself. */
export function readPackage(): { version: string; description: string } {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version, description } = JSON.parse(text);
  return { version: String(version), description: String(description) };
}

/**
 * Reads the environment; nothing else in Outpost does.
 * @throws ConfigError one line that names the variable, the value and what is allowed.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const get = (name: string, fallback: string) => {
    const value = env[name]?.trim();
    return value === undefined || value === '' ? fallback : value;
  };
  const isTest = get('NODE_ENV', '') === 'test';
  for (const name of ['OUTPOST_FAULTS', 'OUTPOST_CLOCK_OFFSET', 'OUTPOST_HOSTS']) {
    const value = get(name, '');
    if (value && !isTest) refuse(name, value, 'it is for tests of faults and needs NODE_ENV=test');
  }
  const port = readPort(get('PORT', '8080'));
  const level = get('LOG_LEVEL', 'info');
  const logLevel =
    logLevels.find((known) => known === level) ??
    refuse('LOG_LEVEL', level, `give one of ${logLevels.join(', ')}`);
  const trace = get('OUTPOST_TRACE_HOOKS', '0');
  if (trace !== '0' && trace !== '1') refuse('OUTPOST_TRACE_HOOKS', trace, 'give 0 or 1');
  const offset = get('OUTPOST_CLOCK_OFFSET', '0');
  if (!/^-?\d+$/.test(offset)) refuse('OUTPOST_CLOCK_OFFSET', offset, 'give a number of seconds');
  return Object.freeze({
    version: readPackage().version,
    origin: readOrigin(get('OUTPOST_URL', `http://localhost:${port}`)),
    port,
    host: get('HOST', '0.0.0.0'),
    dataFolder: path.resolve(get('OUTPOST_DATA', 'data')),
    databaseUrl: readDatabaseUrl(get('DATABASE_URL', '')),
    trustProxy: readTrustProxy(get('OUTPOST_TRUST_PROXY', 'loopback')),
    privateNetwork: named(
      'OUTPOST_ALLOW_PRIVATE_NETWORK',
      get('OUTPOST_ALLOW_PRIVATE_NETWORK', ''),
      parsePrivateNetwork,
    ),
    traceHooks: trace === '1',
    logLevel,
    faults: readFaults(get('OUTPOST_FAULTS', '')),
    clockOffsetSeconds: Number(offset),
    hosts: named('OUTPOST_HOSTS', get('OUTPOST_HOSTS', ''), parseHosts),
  });
}
