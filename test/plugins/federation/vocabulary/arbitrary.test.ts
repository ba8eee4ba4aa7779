import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readActivity, readDocument, readRef } from '../../../../plugins/federation/vocabulary/activity.ts';
import { readCollection } from '../../../../plugins/federation/vocabulary/collection.ts';
import { inUsualTerms } from '../../../../plugins/federation/vocabulary/jsonld.ts';
import { readNodeInfo, readNodeInfoLinks } from '../../../../plugins/federation/vocabulary/nodeinfo.ts';
import { readAuthorization } from '../../../../plugins/federation/vocabulary/policy.ts';
import { readWebFinger } from '../../../../plugins/federation/vocabulary/webfinger.ts';

const bob = 'https://remote.example/users/bob';
const note = { id: 'https://remote.example/notes/1' };
const create = { id: 'https://remote.example/notes/1/activity' };

const readers: readonly ((json: unknown) => { kind: string; status?: number; reason?: string })[] = [
  readActivity,
  readDocument,
  readCollection,
  readWebFinger,
  readNodeInfo,
  readNodeInfoLinks,
  readAuthorization,
];

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
    ...[
      'oneOf',
      'replies',
      'interactionPolicy',
      'canReply',
      'always',
      'quote',
      'duration',
      'links',
      'software',
    ],
    ...['interactingObject', 'emoji', 'generator', 'implements', 'webfinger', 'rel', 'mediaType', 'x:actor'],
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
        for (const read of readers) {
          const reading = read(json);
          if (reading.kind !== 'refused') continue;
          expect([400, 403]).toContain(reading.status);
          expect(reading.reason).toMatch(/^[A-Z].*\.$/);
        }
        readRef(json);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is translated or left as it is, whatever its context says', async () => {
    const definition = fc.oneof(
      fc.constantFrom(
        'as:actor',
        '@id',
        '@type',
        '@vocab',
        'https://www.w3.org/ns/activitystreams#',
        'x:y',
        '',
        ':',
      ),
      fc.record({
        '@id': fc.constantFrom('as:object', '@type', 'x'),
        '@type': fc.constantFrom('@id', '@json', 7),
      }),
      value,
    );
    const names = fc.constantFrom(
      'who',
      'x',
      'actor',
      'id',
      '@vocab',
      '@base',
      '@version',
      '@import',
      '@propagate',
    );
    const context = fc.oneof(
      fc.dictionary(names, definition, { maxKeys: 4 }),
      definition,
      fc.array(definition),
    );
    const document = fc.record({ '@context': context, who: value, 'x:actor': value, object: plausible });
    await fc.assert(
      fc.asyncProperty(document, async (json) => {
        const reading = readActivity(await inUsualTerms(json));
        expect(['activity', 'refused']).toContain(reading.kind);
      }),
      { numRuns: 200 },
    );
  });

  test.each<[string, unknown]>([
    ['deep lists', nested(60, (inner) => [inner])],
    ['deep objects', nested(60, (inner) => ({ object: inner, first: inner, tag: inner }))],
    [
      'many links in many links',
      Array.from({ length: 300 }, () => ({ tag: Array(300).fill({ href: bob }) })),
    ],
    ['many prefixed names', Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`as:n${at}`, at]))],
    ['many tags', Array(20_000).fill({ type: 'Mention', href: bob })],
    ['a long text of markup', '<a href=x>'.repeat(50_000)],
    ['many accents', `a${'\u0301'.repeat(200_000)}`],
  ])('%s are read within the time that a request has', (_, thing) => {
    const members = [
      'tag',
      'url',
      'content',
      'summary',
      'name',
      'to',
      'icon',
      'replies',
      'contentMap',
      'oneOf',
    ];
    const json = { ...note, type: 'Note', ...Object.fromEntries(members.map((name) => [name, thing])) };
    const used = process.cpuUsage();
    for (const read of readers) read({ ...create, type: 'Create', actor: bob, object: json });
    // Of the processor, so that other work does not count; an inbox answers within five seconds.
    expect(process.cpuUsage(used).user / 1_000).toBeLessThan(5_000);
  });
});

function nested(depth: number, around: (inner: unknown) => unknown): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level++) value = around(value);
  return value;
}
