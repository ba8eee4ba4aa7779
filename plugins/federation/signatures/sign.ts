import { type KeyObject, sign } from 'node:crypto';
import { type InnerList, serializeInnerList } from 'structured-headers';
import { cavageSigningString } from './cavage.ts';
import { contentDigestOf, digestOf } from './digest.ts';
import { type Algorithm, algorithmsOf, hashFor, UnusableKeyError } from './keys.ts';
import { derivedComponent, signatureBase } from './rfc9421.ts';

/** The private key of a local actor and the address under which its public half is found. */
export type SigningKey = { keyId: string; privateKey: KeyObject };

/** A request about to be sent. Receivers allow minutes only: sign when sending, never when queueing, and anew at each retry. */
export type RequestToSign = {
  method: string;
  url: URL;
  now: Date;
  body?: Uint8Array;
  /** `digestOf(body)`, when it is already known; then `body` is not needed. */
  digest?: string;
};

/** RFC 9421's names, section 6.2.2; cavage calls them as we do. */
const RFC9421_ALGORITHMS: Record<Algorithm, string> = {
  'rsa-sha256': 'rsa-v1_5-sha256',
  'rsa-sha512': 'rsa-v1_5-sha512',
  ed25519: 'ed25519',
};

/**
 * The headers that sign a request in the way every server of the Fediverse reads: `Host`, `Date`, `Digest` with a body,
 * and `Signature` over `(request-target) host date digest`. `includeQuery: false` leaves the query out of what is
 * signed, for receivers that answer 401 to the other.
 * Source: draft-cavage-http-signatures-12 section 3.1
 * @throws UnusableKeyError when the key is neither RSA of 2048 to 8192 bits nor Ed25519
 */
export async function signCavage(
  key: SigningKey,
  request: RequestToSign & { includeQuery?: boolean },
): Promise<Record<string, string>> {
  const { method, url, includeQuery = true } = request;
  const algorithm = algorithmOf(key);
  const headers = plainHeaders(request);
  const target = includeQuery ? url.pathname + url.search : url.pathname;

  const lines: Array<readonly [string, string]> = [['(request-target)', `${method.toLowerCase()} ${target}`]];
  for (const [name, value] of Object.entries(headers)) lines.push([name.toLowerCase(), value]);
  const signature = await signText(algorithm, cavageSigningString(lines), key.privateKey);

  const covered = lines.map(([name]) => name).join(' ');
  headers.Signature = `keyId="${key.keyId}",algorithm="${algorithm}",headers="${covered}",signature="${signature}"`;
  return headers;
}

/**
 * The headers that sign a request by RFC 9421, over `@method @target-uri content-digest` with a creation time.
 * `Date` and `Digest` go along for receivers that look at nothing else.
 * Source: RFC 9421 section 3.1
 * @throws UnusableKeyError when the key is neither RSA of 2048 to 8192 bits nor Ed25519
 */
export async function signRfc9421(key: SigningKey, request: RequestToSign): Promise<Record<string, string>> {
  const { method, url, now } = request;
  const algorithm = algorithmOf(key);
  const headers = plainHeaders(request);

  const source = { method, target: url.pathname + url.search, origin: url };
  const lines = ['@method', '@target-uri'].map(
    (name) => [name, derivedComponent(name, source) ?? ''] as const,
  );
  if (headers.Digest !== undefined) {
    headers['Content-Digest'] = contentDigestOf(headers.Digest);
    lines.push(['content-digest', headers['Content-Digest']]);
  }
  const input: InnerList = [
    lines.map(([name]) => [name, new Map()]),
    new Map<string, string | number>([
      ['created', Math.floor(now.getTime() / 1000)],
      ['keyid', key.keyId],
      ['alg', RFC9421_ALGORITHMS[algorithm]],
    ]),
  ];
  const parameters = serializeInnerList(input);
  const signature = await signText(algorithm, signatureBase(lines, parameters), key.privateKey);

  headers['Signature-Input'] = `sig1=${parameters}`;
  headers.Signature = `sig1=:${signature}:`;
  return headers;
}

/** In the order in which cavage signs them. */
function plainHeaders({ url, now, body, digest }: RequestToSign): Record<string, string> {
  const headers: Record<string, string> = { Host: url.host, Date: now.toUTCString() };
  if (digest !== undefined) headers.Digest = digest;
  else if (body !== undefined) headers.Digest = digestOf(body);
  return headers;
}

function algorithmOf({ privateKey }: SigningKey): Algorithm {
  const [algorithm] = algorithmsOf(privateKey);
  if (!algorithm)
    throw new UnusableKeyError('The private key is neither Ed25519 nor RSA of 2048 to 8192 bits.');
  return algorithm;
}

function signText(algorithm: Algorithm, text: string, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign(hashFor(algorithm), Buffer.from(text), key, (error, signature) =>
      error ? reject(error) : resolve(signature.toString('base64')),
    );
  });
}
