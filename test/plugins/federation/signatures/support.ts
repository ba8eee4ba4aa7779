import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { headerLines, type SignedRequest } from '../../../../plugins/federation/signatures/signed-request.ts';
import type { SignatureReading } from '../../../../plugins/federation/signatures/verify.ts';

export const ORIGIN = 'https://blog.example';
export const KEY_ID = 'https://remote.example/users/bob#main-key';
export const NOW = new Date('2026-11-01T12:00:00Z');
export const BODY = Buffer.from('{"type":"Like","object":"https://blog.example/posts/1"}');

export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ed25519 = generateKeyPairSync('ed25519');

export const secondsAt = (date: Date): number => Math.floor(date.getTime() / 1000);
export const hoursFrom = (date: Date, hours: number): Date => new Date(date.getTime() + hours * 3_600_000);

/** A request as our server sees it, from headers by name (as senders hold them) or from lines. */
export function received(
  headers: Record<string, string> | ReadonlyArray<readonly [string, string]>,
  parts: Partial<Omit<SignedRequest, 'headers'>> = {},
): SignedRequest {
  const lines = Array.isArray(headers) ? headers : headerLines(Object.entries(headers).flat());
  return { method: 'POST', target: '/inbox', body: BODY, origin: ORIGIN, ...parts, headers: lines };
}

export function claimOf(reading: SignatureReading) {
  if (reading.kind === 'refused') throw new Error(`refused: ${reading.reason}`);
  return reading.claim;
}

/** The headers with which a well-behaved server posts BODY at NOW, not yet signed. */
export function postHeaders(): Record<string, string> {
  return {
    Host: 'blog.example',
    Date: NOW.toUTCString(),
    Digest: `SHA-256=${createHash('sha256').update(BODY).digest('base64')}`,
    'Content-Type': 'application/activity+json',
    'Content-Length': String(BODY.length),
  };
}

export type CavageOptions = {
  covered?: string;
  algorithm?: string | null;
  method?: string;
  target?: string;
  created?: string;
  expires?: string;
  hash?: string | null;
  key?: KeyObject;
};

/** Signs as another server would, on purpose without any code of ours. Adds `Signature` to the headers. */
export function signedByPeer(
  headers: Record<string, string>,
  options: CavageOptions = {},
): Record<string, string> {
  const {
    covered = '(request-target) host date digest',
    algorithm = 'rsa-sha256',
    created,
    expires,
  } = options;
  const { method = 'post', target = '/inbox', key = rsa.privateKey, hash = 'sha256' } = options;
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const pseudo = new Map([
    ['(request-target)', `${method} ${target}`],
    ['(created)', created],
    ['(expires)', expires],
  ]);
  const text = covered
    .split(' ')
    .map((name) => `${name}: ${pseudo.get(name) ?? lower.get(name)}`)
    .join('\n');
  const parameters = [
    `keyId="${KEY_ID}"`,
    ...(algorithm === null ? [] : [`algorithm="${algorithm}"`]),
    ...(created === undefined ? [] : [`created=${created}`]),
    ...(expires === undefined ? [] : [`expires=${expires}`]),
    `headers="${covered}"`,
    `signature="${sign(hash, Buffer.from(text), key).toString('base64')}"`,
  ];
  return { ...headers, Signature: parameters.join(',') };
}

export type Rfc9421Options = {
  covered?: string[];
  parameters?: string;
  values?: Record<string, string>;
  hash?: string | null;
  key?: KeyObject;
};

/** The same for RFC 9421: adds `Content-Digest`, `Signature-Input` and `Signature`. */
export function signedByModernPeer(
  headers: Record<string, string>,
  options: Rfc9421Options = {},
): Record<string, string> {
  const {
    covered = ['@method', '@target-uri', 'content-digest'],
    key = rsa.privateKey,
    hash = 'sha256',
  } = options;
  const { parameters = `;created=${secondsAt(NOW)};keyid="${KEY_ID}"` } = options;
  const all: Record<string, string> = {
    'Content-Digest': `sha-256=:${createHash('sha256').update(BODY).digest('base64')}:`,
    ...headers,
  };
  const values = new Map(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value]));
  values.set('@method', 'POST').set('@target-uri', `${ORIGIN}/inbox`).set('@authority', 'blog.example');
  values.set('@path', '/inbox').set('@request-target', '/inbox').set('@query', '?').set('@scheme', 'https');
  for (const [name, value] of Object.entries(options.values ?? {})) values.set(name, value);
  const list = `(${covered.map((name) => `"${name}"`).join(' ')})${parameters}`;
  const lines = [...covered.map((name) => `"${name}": ${values.get(name)}`), `"@signature-params": ${list}`];
  const signature = sign(hash, Buffer.from(lines.join('\n')), key).toString('base64');
  return { ...all, 'Signature-Input': `sig1=${list}`, Signature: `sig1=:${signature}:` };
}
