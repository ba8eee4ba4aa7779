import {
  type BareItem,
  isInnerList,
  parseDictionary,
  serializeDictionary,
  serializeInnerList,
} from 'structured-headers';
import type { Algorithm } from './keys.ts';
import { malformed, unproven } from './refusal.ts';

/** The one signature of a request with `Signature-Input`. */
export type Rfc9421Signature = {
  keyId: string;
  /** Undefined when the key decides alone. */
  algorithm: Algorithm | undefined;
  /** Field names and derived components in signing order, each once. */
  covered: readonly string[];
  /** The canonical text of the covered components and parameters, which ends the signature base. */
  parameters: string;
  createdAtMs: number;
  expiresAtMs: number | undefined;
  signature: Buffer;
};

/** The parts of a request from which the derived components are made. */
export type DerivedFrom = { method: string; target: string; origin: URL };

const MAX_HEADER_LENGTH = 8192;
const MAX_KEY_ID_LENGTH = 2048;
const MAX_COVERED = 64;

const ALGORITHMS = new Map<string, Algorithm>([
  ['rsa-v1_5-sha256', 'rsa-sha256'],
  ['rsa-v1_5-sha512', 'rsa-sha512'],
  ['ed25519', 'ed25519'],
]);

/**
 * Reads `Signature-Input` and `Signature`. Exactly one signature is taken: with several, one reader might rely on
 * one and the next on another.
 * Source: RFC 9421 sections 4.1 and 4.2
 * @throws SignatureRefused
 */
export function parseRfc9421(inputHeader: string, signatureHeader: string): Rfc9421Signature {
  const inputs = parseCanonical('Signature-Input', inputHeader);
  const signatures = parseCanonical('Signature', signatureHeader);
  const [label, input] = [...inputs][0] ?? [];
  if (label === undefined || input === undefined) throw malformed('The Signature-Input header is empty.');
  if (inputs.size > 1) throw unproven('The request has more than one signature; send one.');
  const signature = signatures.get(label)?.[0];
  if (signatures.size !== 1 || !(signature instanceof ArrayBuffer) || signature.byteLength === 0) {
    throw unproven(
      'The Signature header does not hold exactly the signature that Signature-Input describes.',
    );
  }
  if (!isInnerList(input)) throw malformed('The Signature-Input header has no list of components.');

  const [components, parameters] = input;
  return {
    keyId: keyIdOf(parameters.get('keyid')),
    algorithm: algorithmOf(parameters.get('alg')),
    covered: coveredNames(components),
    parameters: serializeInnerList(input),
    createdAtMs: timeOf('created', parameters.get('created')),
    expiresAtMs: parameters.has('expires') ? timeOf('expires', parameters.get('expires')) : undefined,
    signature: Buffer.from(signature),
  };
}

/**
 * The text that is signed.
 * Source: RFC 9421 section 2.5
 */
export function signatureBase(
  lines: ReadonlyArray<readonly [name: string, value: string]>,
  parameters: string,
): string {
  return [...lines, ['@signature-params', parameters] as const]
    .map(([name, value]) => `"${name}": ${value}`)
    .join('\n');
}

/**
 * The value of a derived component, or undefined for one that is unknown here or needs a parameter.
 * Source: RFC 9421 section 2.2
 */
export function derivedComponent(name: string, { method, target, origin }: DerivedFrom): string | undefined {
  const queryStart = target.indexOf('?');
  switch (name) {
    case '@method':
      return method;
    case '@target-uri':
      return `${origin.origin}${target}`;
    case '@authority':
      return origin.host;
    case '@scheme':
      return origin.protocol.slice(0, -1);
    case '@request-target':
      return target;
    case '@path':
      return queryStart < 0 ? target : target.slice(0, queryStart);
    case '@query':
      return queryStart < 0 ? '?' : target.slice(queryStart);
    default:
      return undefined;
  }
}

/**
 * A dictionary whose text says exactly what was parsed. A structured field keeps the last of repeated keys and
 * parameters without a word; written out again such a field is shorter, and is refused.
 */
function parseCanonical(name: string, header: string): ReturnType<typeof parseDictionary> {
  if (header.length > MAX_HEADER_LENGTH) throw malformed(`The ${name} header is too long.`);
  let dictionary: ReturnType<typeof parseDictionary>;
  let canonical: string;
  try {
    dictionary = parseDictionary(header);
    canonical = serializeDictionary(dictionary);
  } catch {
    throw malformed(`The ${name} header is not a dictionary of structured fields.`);
  }
  if (withoutSpaces(canonical) !== withoutSpaces(header)) {
    throw malformed(`The ${name} header repeats something or is not in canonical form.`);
  }
  return dictionary;
}

function withoutSpaces(text: string): string {
  return text.replaceAll(' ', '').replaceAll('\t', '');
}

function keyIdOf(value: BareItem | undefined): string {
  if (typeof value !== 'string' || value === '') throw malformed('The Signature-Input header has no keyid.');
  if (Buffer.byteLength(value) > MAX_KEY_ID_LENGTH) throw malformed('The keyid is longer than 2,048 bytes.');
  return value;
}

function algorithmOf(value: BareItem | undefined): Algorithm | undefined {
  if (value === undefined) return undefined;
  const algorithm = typeof value === 'string' ? ALGORITHMS.get(value) : undefined;
  if (!algorithm)
    throw unproven('The signature algorithm is not accepted here: use rsa-v1_5-sha256 or ed25519.');
  return algorithm;
}

function timeOf(name: 'created' | 'expires', value: BareItem | undefined): number {
  if (value === undefined) throw unproven(`The signature has no ${name} time.`);
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw malformed(`The ${name} time is not an integer.`);
  return value * 1000;
}

function coveredNames(
  components: ReadonlyArray<readonly [BareItem, ReadonlyMap<string, BareItem>]>,
): string[] {
  if (components.length > MAX_COVERED) throw malformed('The list of signed components is too long.');
  const names = components.map(([name, parameters]) => {
    if (typeof name !== 'string') throw malformed('A signed component is not named by a string.');
    if (parameters.size > 0) throw unproven('Signed components with parameters are not checked here.');
    return name;
  });
  if (new Set(names).size !== names.length) throw malformed('The signature covers one component twice.');
  return names;
}
