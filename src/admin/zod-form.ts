import { z } from 'zod';
import { field } from './field.ts';
import type { FieldView } from './view-models.ts';

/** A member of a schema, without the wrappers around it. */
type Member = {
  name: string;
  schema: z.core.$ZodType;
  optional: boolean;
  title: string;
  help: string | null;
  format: string | null;
  /** What the choices are called, by value. */
  labels: Readonly<Record<string, unknown>>;
};

/** `maxPerHour` becomes `Max per hour`. */
function inWords(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function readMeta(schema: z.core.$ZodType): Record<string, unknown> {
  return { ...z.globalRegistry.get(schema) };
}

/** Takes defaults, optionals and the like off; what they say about themselves is kept, the outermost first. */
function unwrap(schema: z.core.$ZodType): {
  inner: z.core.$ZodType;
  meta: Record<string, unknown>;
  optional: boolean;
} {
  let inner = schema;
  let meta = readMeta(schema);
  let optional = false;
  for (;;) {
    let next: z.core.$ZodType;
    if (
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault ||
      inner instanceof z.ZodReadonly ||
      inner instanceof z.ZodCatch
    ) {
      next = inner.def.innerType;
    } else if (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) {
      optional = true;
      next = inner.def.innerType;
    } else if (inner instanceof z.ZodPipe) {
      next = inner.def.in;
    } else return { inner, meta, optional };
    inner = next;
    meta = { ...readMeta(inner), ...meta };
  }
}

function membersOf(schema: z.ZodObject): Member[] {
  return Object.entries(schema.shape).map(([name, member]) => {
    const { inner, meta, optional } = unwrap(member);
    const text = (key: string) => (typeof meta[key] === 'string' ? meta[key] : null);
    return {
      name,
      schema: inner,
      optional,
      title: text('title') ?? inWords(name),
      help: text('description'),
      format: text('format'),
      labels: typeof meta.labels === 'object' && meta.labels !== null ? { ...meta.labels } : {},
    };
  });
}

function bound(value: unknown): string | null {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < Number.MAX_SAFE_INTEGER
    ? String(value)
    : null;
}

function isUrl(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodURL || (schema instanceof z.ZodString && schema.format === 'url');
}

function isEmail(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodEmail || (schema instanceof z.ZodString && schema.format === 'email');
}

/** The choices of an enum, or of a union of words, else null. */
function choicesOf(schema: z.core.$ZodType): string[] | null {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
  if (schema instanceof z.ZodUnion) {
    const all = schema.options.map((option) => choicesOf(option));
    return all.every((choices) => choices !== null) ? all.flat() : null;
  }
  return null;
}

/**
 * The form of a plugin's settings, made from its schema. Members of a kind that no field fits are left to the command line.
 * @param prefix stands before the name of each field, where several schemas share a form
 */
export function fieldsOf(
  schema: z.ZodObject,
  values: Readonly<Record<string, unknown>>,
  prefix = '',
): FieldView[] {
  const fields: FieldView[] = [];
  for (const { name, schema: kind, title: label, help, format, labels, optional } of membersOf(schema)) {
    const value = values[name];
    const base = { name: prefix + name, label, help };
    const text = value === null || value === undefined ? '' : String(value);
    const choices = choicesOf(kind);
    if (kind instanceof z.ZodBoolean)
      fields.push(field({ ...base, control: 'checkbox', checked: value === true }));
    else if (kind instanceof z.ZodNumber) {
      const step = kind.isInt ? '1' : 'any';
      fields.push(
        field({
          ...base,
          control: 'number',
          value: text,
          required: !optional,
          min: bound(kind.minValue),
          max: bound(kind.maxValue),
          step,
        }),
      );
    } else if (choices) {
      const options = choices.map((choice) => ({
        value: choice,
        label: typeof labels[choice] === 'string' ? labels[choice] : inWords(choice),
        selected: choice === text,
      }));
      fields.push(
        field({
          ...base,
          control: 'select',
          value: text,
          options: optional ? [{ value: '', label: '–', selected: text === '' }, ...options] : options,
        }),
      );
    } else if (kind instanceof z.ZodArray) {
      const lines = Array.isArray(value) ? value.map(String).join('\n') : '';
      fields.push(field({ ...base, control: 'textarea', value: lines, help: help ?? 'One on each line.' }));
    } else if (isUrl(kind)) fields.push(field({ ...base, control: 'url', value: text }));
    else if (isEmail(kind)) fields.push(field({ ...base, control: 'email', value: text }));
    else if (kind instanceof z.ZodString || kind instanceof z.ZodUnion) {
      const control = format === 'textarea' || format === 'password' ? format : 'text';
      fields.push(
        field({
          ...base,
          control,
          value: control === 'password' ? '' : text,
          maxLength: kind instanceof z.ZodString ? kind.maxLength : null,
        }),
      );
    }
  }
  return fields;
}

/** What a sent form says, in the types of the schema. Only its own members are read; the schema itself checks them. */
export function valuesOf(
  schema: z.ZodObject,
  body: Readonly<Record<string, unknown>>,
  prefix = '',
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, schema: kind, optional, format } of membersOf(schema)) {
    const sent = Object.hasOwn(body, prefix + name) ? body[prefix + name] : undefined;
    const text = typeof sent === 'string' ? sent : undefined;
    if (kind instanceof z.ZodBoolean) values[name] = text !== undefined && text !== '';
    else if (text === undefined) continue;
    else if (format === 'password' && text === '') continue;
    else if (kind instanceof z.ZodNumber)
      values[name] = text.trim() === '' && optional ? null : Number(text.trim() === '' ? Number.NaN : text);
    else if (kind instanceof z.ZodArray)
      values[name] = text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
    else if (optional && text === '') values[name] = undefined;
    else values[name] = text.replaceAll('\r\n', '\n').trim();
  }
  return values;
}
