import type { FieldView } from './view-models.ts';

type FieldInput = Pick<FieldView, 'name' | 'label'> & Partial<FieldView>;

/** A field with the usual defaults: a text line that may stay empty. */
export function field(input: FieldInput): FieldView {
  return {
    id: `field-${input.name.replace(/[^\w-]/g, '-')}`,
    help: null,
    error: null,
    control: 'text',
    value: '',
    checked: false,
    options: [],
    required: false,
    autocomplete: null,
    min: null,
    max: null,
    step: null,
    maxLength: null,
    suggestions: [],
    ...input,
  };
}

/** A choice among a few values. */
export function choice(
  input: FieldInput & { choices: readonly (readonly [value: string, label: string])[] },
): FieldView {
  const { choices, ...rest } = input;
  const options = choices.map(([value, label]) => ({ value, label, selected: value === (rest.value ?? '') }));
  return field({ ...rest, control: 'select', options });
}

/**
 * The same fields with what was typed and what was wrong with it.
 * @param typed what came with the form; passwords are never shown again.
 * @param errors by the field's name.
 */
export function refill(
  fields: readonly FieldView[],
  typed: Readonly<Record<string, unknown>>,
  errors: Readonly<Record<string, string>>,
): FieldView[] {
  return fields.map((view) => {
    const raw = typed[view.name];
    const value = typeof raw === 'string' ? raw : '';
    const error = errors[view.name] ?? null;
    if (view.control === 'password') return { ...view, error };
    if (view.control === 'checkbox') return { ...view, error, checked: value !== '' };
    return {
      ...view,
      error,
      value,
      options: view.options.map((option) => ({ ...option, selected: option.value === value })),
    };
  });
}

/** The sentences at the top of a form that came back: one for each field that is wrong, and those that belong to no field. */
export function summarise(fields: readonly FieldView[], errors: Readonly<Record<string, string>>): string[] {
  const labels = new Map(fields.map((view) => [view.name, view.label]));
  return Object.entries(errors).map(([name, text]) => {
    const label = labels.get(name);
    return label === undefined || text.toLowerCase().includes(label.toLowerCase())
      ? text
      : `${label}: ${text}`;
  });
}
