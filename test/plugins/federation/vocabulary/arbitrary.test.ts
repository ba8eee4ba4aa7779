import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readActivity, readDocument, readRef } from '../../../../plugins/federation/vocabulary/activity.ts';

const bob = 'https://remote.example/users/bob';
const note = { id: 'https://remote.example/notes/1' };
const create = { id: 'https://remote.example/notes/1/activity' };

describe('whatever comes', () => {
  const member = fc.constantFrom(
    ...[
      'id',
      '@id',
      'type',
      '@type',
      'actor',
      'object',
      'to',
      'cc',
      'tag',
      'attachment',
      'url',
      'href',
      'name',
      'content',
    ],
    ...[
      'contentMap',
      'summary',
      'published',
      'inReplyTo',
      'attributedTo',
      'icon',
      'inbox',
      'publicKey',
      'endpoints',
      '@value',
    ],
    ...[
      '0',
      '1',
      '@list',
      'as:actor',
      '__proto__',
      'constructor',
      'toString',
      'target',
      'instrument',
      'items',
      'first',
    ],
  );
  const scalar = fc.oneof(
    fc.constantFrom(
      null,
      '',
      'Create',
      'Undo',
      'Note',
      'Person',
      'Mention',
      'as:Public',
      bob,
      note.id,
      '2024-01-01T00:00:00Z',
    ),
    fc.constantFrom('Hashtag', 'Emoji', 'Link', 'Follow', '[]', 0, 1, -1, 1e300, true, false),
    fc.string(),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      scalar,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(member, tie('value'), { maxKeys: 8, noNullPrototype: false }),
    ),
  }));
  const plausible = fc.record({
    id: fc.constant(create.id),
    type: scalar,
    actor: fc.constant(bob),
    object: value,
    tag: value,
    to: value,
  });

  test('is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.oneof(value, plausible, fc.jsonValue()), (json) => {
        for (const reading of [readActivity(json), readDocument(json)]) {
          if (reading.kind !== 'refused') continue;
          expect([400, 403]).toContain(reading.status);
          expect(reading.reason).toMatch(/^[A-Z].*\.$/);
        }
        readRef(json);
      }),
      { numRuns: 1_000 },
    );
  });
});
