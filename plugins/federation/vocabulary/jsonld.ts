import type { ContextDefinition, JsonLdDocument } from 'jsonld';
import { shippedContext } from './shipped-contexts.ts';
import { hasUnusualContext } from './unusual-context.ts';

/** Largest document whose names are translated, in values: real ones have some hundred. */
const MAX_VALUES = 2_000;

/** How many contexts such a document may have, and how many definitions in all of them. */
const MAX_CONTEXTS = 16;
const MAX_DEFINITIONS = 500;

/** How many slashes it may have: those of an address without a host are taken out one by one, which is quadratic. */
const MAX_SLASHES = 5_000;

/**
 * How many values are translated in a second, and in one go after a rest: a value takes a hundred times as long as in other
 * documents, and whoever may send us anything can send these. About a quarter of a processor.
 */
const VALUES_PER_SECOND = 10_000;
const MOST_VALUES_SAVED = 100_000;
const allowance = { values: MOST_VALUES_SAVED, at: 0 };

const AS2 = 'https://www.w3.org/ns/activitystreams';
const SECURITY = 'https://w3id.org/security/v1';

/**
 * The document under the names that are usual, where its context gives things names of its own; else the document
 * itself, at once. What is too large to be translated, is one of too many, or is no JSON-LD, is given back as it is and
 * read by the names that it has. Contexts come from the plugin's own folder; those that are not there count as empty.
 *
 * Source: JSON-LD 1.1 Processing Algorithms and API, sections 5.1.2 (expansion) and 6.1.2 (compaction).
 */
export function inUsualTerms(json: unknown): unknown | Promise<unknown> {
  if (!hasUnusualContext(json) || !isDocument(json)) return json;
  const values = valuesIn(json);
  return values !== null && isAllowed(values) ? translated(json) : json;
}

async function translated(json: JsonLdDocument): Promise<unknown> {
  // It takes time and memory that a site needs for one document in a million.
  const { default: jsonld } = await import('jsonld');
  // Protected: a context that gives one of these names another meaning makes the document be read as it is.
  const base = { ...contextOf(AS2), '@protected': true };
  try {
    const expanded = await jsonld.expand(json, { documentLoader, expandContext: base });
    const { '@context': _, ...node } = await jsonld.compact(
      expanded,
      { ...base, ...contextOf(SECURITY) },
      {
        documentLoader,
      },
    );
    return node;
  } catch (error) {
    if (error instanceof Error) return json;
    throw error;
  }
}

function contextOf(address: string): ContextDefinition {
  return shippedContext(address)?.['@context'] ?? {};
}

async function documentLoader(address: string) {
  return { documentUrl: address, document: shippedContext(address) ?? { '@context': {} } };
}

/**
 * What a context may not do. `@base` is an address that everything is resolved against, at length. After an `@import`,
 * jsonld 9.0.0 remembers the imported context in a form that it cannot read, and fails on it in every later document.
 */
const forbidden = new Set(['@base', '@import']);

function isDocument(json: unknown): json is JsonLdDocument {
  return typeof json === 'object' && json !== null;
}

/** Whether so many values may be translated now, which uses them up. */
function isAllowed(values: number): boolean {
  const now = performance.now();
  const gained = ((now - allowance.at) / 1000) * VALUES_PER_SECOND;
  allowance.values = Math.min(MOST_VALUES_SAVED, allowance.values + gained);
  allowance.at = now;
  if (allowance.values < values) return false;
  allowance.values -= values;
  return true;
}

/**
 * How many values are to be translated; null where it would take longer than a moment: for many values, definitions or
 * steps of paths, for contexts inside definitions (JSON-LD 1.1's scoped contexts), which would be gone through again for
 * every value under them, and for what no context may do.
 */
function valuesIn(json: unknown): number | null {
  let values = 0;
  let contexts = 0;
  let definitions = 0;
  let slashes = 0;
  const waiting: { value: unknown; inContext: boolean }[] = [{ value: json, inContext: false }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, inContext } = next;
    if (typeof value === 'string') slashes += slashesIn(value);
    if (++values > MAX_VALUES || slashes > MAX_SLASHES) return null;
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value) && inContext) definitions += Object.keys(value).length;
    for (const [name, member] of Object.entries(value)) {
      const isContext = name === '@context';
      if (isContext && (inContext || ++contexts > MAX_CONTEXTS)) return null;
      slashes += slashesIn(name);
      if (definitions > MAX_DEFINITIONS || slashes > MAX_SLASHES) return null;
      if (inContext && forbidden.has(name)) return null;
      waiting.push({ value: member, inContext: inContext || isContext });
    }
  }
  return values + definitions;
}

function slashesIn(text: string): number {
  let slashes = 0;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) slashes += 1;
  return slashes;
}
