import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { InvalidError } from '../errors.ts';
import { findPostFieldsOf } from '../posts/post-field-store.ts';
import type { PluginDefinition } from './api.ts';

type Values = Record<string, unknown>;
type WithFields = Pick<PluginDefinition, 'id' | 'postFields'>;

/** The name of a plugin's field among the fields of a post, as in `--field hello.mood=calm`. */
export function postFieldName(pluginId: string, name: string): string {
  return `${pluginId}.${name}`;
}

/** The stored values as the schema has them; a value that no longer fits gives way to its default. */
function fill(schema: z.ZodObject, stored: Values): Values {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
  const rest = Object.fromEntries(Object.entries(stored).filter(([name]) => !wrong.has(name)));
  const again = schema.safeParse(rest);
  return again.success ? again.data : schema.parse({});
}

/** What a plugin keeps beside a post, with the defaults filled in; the defaults alone where there is no such post. */
export async function readPostFields(
  deps: Pick<Deps, 'db'>,
  { id, postFields }: WithFields,
  postId: string | null,
): Promise<Values> {
  if (!postFields) return {};
  return fill(postFields, postId === null ? {} : await findPostFieldsOf(deps.db, postId, id));
}

/**
 * The changed members of a plugin's fields, checked.
 * @param before the values that the post has
 * @throws InvalidError with the fields that are wrong, named as by `postFieldName`
 */
export function checkPostFields({ id, postFields }: WithFields, before: Values, change: Values): Values {
  const parsed = (postFields ?? z.object({})).safeParse({ ...before, ...change });
  if (!parsed.success) {
    const fields: Record<string, string> = {};
    for (const issue of parsed.error.issues)
      fields[postFieldName(id, String(issue.path[0]))] ??= issue.message;
    const text = Object.entries(fields).map(([name, message]) => `${name}: ${message}`);
    throw new InvalidError('post.field', text.join(' '), fields, 422);
  }
  return Object.fromEntries(Object.entries(parsed.data).filter(([name]) => Object.hasOwn(change, name)));
}

/** A value typed as a word, in the type that the member takes: a number, yes or no, lines, else the text itself. */
export function readPostFieldWord(schema: z.ZodObject, name: string, word: string): unknown {
  const member = schema.shape[name];
  const flags: Readonly<Record<string, boolean>> = {
    true: true,
    yes: true,
    on: true,
    false: false,
    no: false,
    off: false,
  };
  const readings: unknown[] = [word];
  if (word.trim() !== '' && Number.isFinite(Number(word))) readings.push(Number(word));
  if (Object.hasOwn(flags, word)) readings.push(flags[word]);
  readings.push(
    word
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  );
  const results = readings.map((value) => ({ value, parsed: z.safeParse(member ?? z.never(), value) }));
  const fits = results.find(({ parsed }) => parsed.success);
  // Where none fits, the one of the right type, so that the schema's own words say what is wrong with it.
  const near = results.find(({ parsed }) =>
    parsed.error?.issues.some((issue) => issue.code !== 'invalid_type'),
  );
  return (fits ?? near)?.value ?? word;
}
