import { MAX_LIST_ENTRIES } from './limits.ts';
import { asNode, type NodeObject } from './terms.ts';

/**
 * The entries of what may be a list: nothing, one value, an array, JSON-LD's `@list` and `@set`, or an object with
 * numeric member names. Nulls and empty strings are left out, and so is everything past the limit.
 */
export function entries(value: unknown, limit: number = MAX_LIST_ENTRIES): readonly unknown[] {
  if (isNothing(value)) return [];
  if (Array.isArray(value)) return present(value, limit);
  if (typeof value !== 'object' || value === null) return [value];
  if ('@list' in value) return entries(value['@list'], limit);
  if ('@set' in value) return entries(value['@set'], limit);
  return hasNumericMembers(value) ? present(numericMembers(value), limit) : [value];
}

/** The first entry of what may be a list, or null. */
export function first(value: unknown): unknown {
  return entries(value, 1)[0] ?? null;
}

/** The first entry of what may be a list, where that is an object, under its usual names; else null. */
export function firstNode(value: unknown): NodeObject | null {
  return asNode(first(value));
}

/** Many systems write null or an empty string where a member is absent (Pleroma, Friendica, Misskey). */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

function present(values: readonly unknown[], limit: number): readonly unknown[] {
  if (values.length <= limit && !values.some(isNothing)) return values;
  const kept: unknown[] = [];
  for (const value of values) {
    if (kept.length === limit) break;
    if (!isNothing(value)) kept.push(value);
  }
  return kept;
}

/** Numeric names come first when an object is enumerated, whatever their place in the text. */
function hasNumericMembers(value: object): boolean {
  for (const name in value) return isIndex(name);
  return false;
}

/**
 * PHP writes a list with holes as an object: `{"0": …, "2": …}`; Pixelfed merges that with a single tag, which gives
 * `{"type": "Mention", …, "0": …}`. The tag itself comes last.
 */
function numericMembers(value: object): unknown[] {
  const members = Object.entries(value);
  const rest = members.filter(([name]) => !isIndex(name));
  const listed = members.filter(([name]) => isIndex(name)).map(([, member]) => member);
  return rest.length === 0 ? listed : [...listed, Object.fromEntries(rest)];
}

function isIndex(name: string): boolean {
  return /^\d{1,9}$/.test(name);
}

/**
 * The text in a value: a string, a number sent as one, JSON-LD's `{"@value": …}`, or the first of a list of these.
 * Null for everything else and for the empty string.
 */
export function text(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return value.length === 0 || Array.isArray(value[0]) ? null : text(first(value));
  return '@value' in value && typeof value['@value'] !== 'object' ? text(value['@value']) : null;
}

/**
 * A yes or no: true, 1, "1", "true", "True" (Kroeg, as `{"@value": "True"}`) are yes. Everything else is no: absent,
 * null (Pleroma's `sensitive`), "[]" (Pixelfed's `capabilities`).
 */
export function flag(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const node = asNode(first(value));
  if (node) return node['@value'] === true || text(node)?.toLowerCase() === 'true' || text(node) === '1';
  const written = text(value)?.toLowerCase();
  return written === 'true' || written === '1';
}

/** A whole number from 0 on, also where it was sent as a string; null for everything else. */
export function count(value: unknown): number | null {
  const written = text(value);
  if (written === null || !/^\d{1,15}(?:\.0+)?$/.test(written)) return null;
  return Math.trunc(Number(written));
}
