import { malformed, unproven } from './refusal.ts';

const MAX_AGE_MS = 12 * 60 * 60 * 1000;
const MAX_AHEAD_MS = 60 * 60 * 1000;
/** Some servers sign for ten seconds only; two clocks are rarely closer than this. */
const EXPIRY_GRACE_MS = 30 * 1000;
const MAX_DATE_LENGTH = 64;
const SECONDS = /^\d{1,12}(?:\.\d{1,9})?$/;
/** Without a zone the date would be read in the zone of this machine. */
const ENDS_WITH_ZONE = /(?:GMT|UTC|Z|[+-]\d{2}:?\d{2})$/;

/**
 * The moment that a `Date` header names, in milliseconds since 1970.
 * Source: RFC 9110 section 5.6.7
 * @throws SignatureRefused
 */
export function httpDateMs(value: string): number {
  const ms = value.length <= MAX_DATE_LENGTH && ENDS_WITH_ZONE.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw malformed('The Date header is not a date.');
  return ms;
}

/**
 * The moment that a `created` or `expires` parameter names, in milliseconds since 1970.
 * Source: draft-cavage-http-signatures-12 section 2.1
 * @throws SignatureRefused
 */
export function secondsToMs(name: 'created' | 'expires', value: string): number {
  if (!SECONDS.test(value)) throw malformed(`The signature's ${name} parameter is not a number of seconds.`);
  return Number(value) * 1000;
}

/**
 * Refuses what was signed over 12 hours ago or more than an hour ahead of our clock.
 * @throws SignatureRefused
 */
export function checkSignedAt(signedAtMs: number, now: Date): void {
  if (signedAtMs < now.getTime() - MAX_AGE_MS) throw unproven('The signature is older than 12 hours.');
  if (signedAtMs > now.getTime() + MAX_AHEAD_MS) {
    throw unproven('The signature is dated more than an hour in the future.');
  }
}

/**
 * Refuses a signature whose own time limit has passed.
 * @throws SignatureRefused
 */
export function checkExpiry(expiresAtMs: number, now: Date): void {
  if (expiresAtMs + EXPIRY_GRACE_MS < now.getTime()) throw unproven('The signature has expired.');
}
