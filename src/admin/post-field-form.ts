import { InvalidError } from '../errors.ts';
import { checkPostFields, readPostFields } from '../plugin-host/post-fields.ts';
import type { PostFields } from '../posts/post.ts';
import type { AdminDeps } from './admin-deps.ts';
import { refill, summarise } from './field.ts';
import type { FieldView } from './view-models.ts';
import { fieldsOf, valuesOf } from './zod-form.ts';

/** What one plugin asks about a post, drawn beside the text. */
export type PostFieldGroup = { pluginId: string; title: string; fields: FieldView[] };

type Body = Readonly<Record<string, unknown>>;
type Errors = Readonly<Record<string, string>>;

const prefixOf = (pluginId: string) => `fields.${pluginId}.`;
/** Sent with a plugin's part of the form, because unticked checkboxes send nothing. */
const sentName = (pluginId: string) => `fields.${pluginId}`;
/** The name in the form of a field that an error names. */
const formName = (name: string) => `fields.${name}`;

function asking(deps: AdminDeps) {
  return deps.plugins.active().flatMap(({ definition }) => (definition.postFields ? [definition] : []));
}

/**
 * The forms of all plugins that ask something about a post.
 * @param refused what was typed and could not be saved, with what was wrong, by the names of `postFieldName`
 */
export async function postFieldGroups(
  deps: AdminDeps,
  postId: string | null,
  { kept = {}, refused }: { kept?: PostFields; refused?: { body: Body; errors: Errors } } = {},
): Promise<PostFieldGroup[]> {
  const errors = Object.fromEntries(
    Object.entries(refused?.errors ?? {}).map(([name, text]) => [formName(name), text]),
  );
  const groups = await Promise.all(
    asking(deps).map(async (definition) => {
      const { id, name, postFields } = definition;
      const values = { ...(await readPostFields(deps, definition, postId)), ...kept[id] };
      const fields = postFields ? fieldsOf(postFields, values, prefixOf(id)) : [];
      const wasSent = refused && Object.hasOwn(refused.body, sentName(id));
      return { pluginId: id, title: name, fields: wasSent ? refill(fields, refused.body, errors) : fields };
    }),
  );
  return groups.filter((group) => group.fields.length > 0);
}

/** The sentences for a form that came back: an error of a plugin's field begins with the field's label. */
export function sayPostFieldErrors(groups: readonly PostFieldGroup[], errors: Errors): string[] {
  const fields = groups.flatMap((group) => group.fields);
  const known = new Set(fields.map((field) => field.name));
  const named = Object.entries(errors).map(([name, text]): [string, string] => [
    known.has(formName(name)) ? formName(name) : name,
    text,
  ]);
  return summarise(fields, Object.fromEntries(named));
}

/**
 * What the editor's form says to the plugins, checked. Plugins whose part was not sent are left out.
 * @param onError called with what is wrong in one plugin's part, which is then left out; where absent it is thrown
 * @throws InvalidError with the fields that are wrong
 */
export async function readPostFieldForms(
  deps: AdminDeps,
  postId: string | null,
  body: Body,
  onError?: (error: InvalidError) => void,
): Promise<PostFields> {
  const values: Record<string, Record<string, unknown>> = {};
  const wrong: Record<string, string> = {};
  for (const definition of asking(deps)) {
    const { id, postFields } = definition;
    if (!postFields || !Object.hasOwn(body, sentName(id))) continue;
    const before = await readPostFields(deps, definition, postId);
    try {
      values[id] = checkPostFields(definition, before, valuesOf(postFields, body, prefixOf(id)));
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      if (onError) onError(error);
      else Object.assign(wrong, error.fields);
    }
  }
  if (Object.keys(wrong).length > 0)
    throw new InvalidError('post.field', Object.values(wrong).join(' '), wrong, 422);
  return values;
}
