import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldsOf, valuesOf } from '../../src/admin/zod-form.ts';

const schema = z.object({
  greeting: z.string().max(20).default('Hello').meta({ title: 'Greeting', description: 'Said at the gate.' }),
  maxPerHour: z.int().min(1).max(9).default(3),
  share: z.number().default(0.5),
  openAtNight: z.boolean().default(false).describe('For owls.'),
  tool: z.enum(['rake', 'spade']).default('rake'),
  catalogue: z.url().default('https://example.org/'),
  notes: z.string().default('').meta({ format: 'textarea' }),
  secret: z.string().default('').meta({ format: 'password' }),
  hosts: z.array(z.string()).default([]),
  mood: z.union([z.literal('calm'), z.literal('cross')]).default('calm'),
});

const fields = () =>
  new Map(
    fieldsOf(schema, { ...schema.parse({}), secret: 'hidden', hosts: ['a.example', 'b.example'] }).map(
      (field) => [field.name, field],
    ),
  );

test('each kind of setting gets the field that fits it', () => {
  const controls = Object.fromEntries([...fields()].map(([name, field]) => [name, field.control]));
  expect(controls).toEqual({
    greeting: 'text',
    maxPerHour: 'number',
    share: 'number',
    openAtNight: 'checkbox',
    tool: 'select',
    catalogue: 'url',
    notes: 'textarea',
    secret: 'password',
    hosts: 'textarea',
    mood: 'select',
  });
});

test('labels and help come from what the schema says of itself, else from the name', () => {
  expect(fields().get('greeting')).toMatchObject({
    label: 'Greeting',
    help: 'Said at the gate.',
    value: 'Hello',
    maxLength: 20,
  });
  expect(fields().get('maxPerHour')).toMatchObject({
    label: 'Max per hour',
    min: '1',
    max: '9',
    step: '1',
    value: '3',
  });
  expect(fields().get('openAtNight')?.help).toBe('For owls.');
});

test('a secret is never printed, and an empty field keeps it', () => {
  expect(fields().get('secret')?.value).toBe('');
  expect(valuesOf(schema, { secret: '' })).not.toHaveProperty('secret');
  expect(valuesOf(schema, { secret: 'new' }).secret).toBe('new');
});

test('what is sent comes back in the types of the schema, and nothing that the schema lacks', () => {
  const values = valuesOf(schema, {
    maxPerHour: '4',
    share: '0.25',
    openAtNight: 'on',
    tool: 'spade',
    hosts: 'a.example\r\n\r\nb.example',
    role: 'admin',
    __proto__: 'x',
  });
  expect(values).toEqual({
    maxPerHour: 4,
    share: 0.25,
    openAtNight: true,
    tool: 'spade',
    hosts: ['a.example', 'b.example'],
  });
  expect(valuesOf(schema, {}).openAtNight).toBe(false);
});

test('a number that is none is refused by the schema rather than read as zero', () => {
  expect(schema.safeParse(valuesOf(schema, { maxPerHour: '' })).success).toBe(false);
});
