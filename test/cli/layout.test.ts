import { expect, test } from 'vitest';
import { findingsForPeople, forPeople } from '../../src/cli/layout.ts';

test('what has parts of its own is laid out below its name, without braces', () => {
  expect(
    forPeople({ states: { queued: 2, failed: 0 }, hosts: [{ host: 'a.example', queued: 2 }], since: null }),
  ).toBe(
    [
      'states',
      '  queued  2',
      '  failed  0',
      'hosts',
      '  host       queued',
      '  a.example  2',
      'since  –',
    ].join('\n'),
  );
});

test('in a table, parts stand in one cell, and what has a name is called by it', () => {
  expect(forPeople([{ id: 1, author: { name: 'Marit' }, counts: { likes: 3, boosts: 1 }, tags: [] }])).toBe(
    ['id  author  counts             tags', '1   Marit   likes 3, boosts 1  –'].join('\n'),
  );
});

test('of findings the worst come first, each on a line, with what to do below it', () => {
  const ok = { check: 'database', status: 'ok', detail: 'It is whole.', remedy: null } as const;
  const note = { check: 'queue', status: 'warning', detail: '1 given up.', remedy: 'Run --fix.' } as const;
  const wrong = { check: 'plugin', status: 'error', detail: 'It fell over.', remedy: null } as const;
  expect(findingsForPeople([ok, note, wrong])).toBe(
    [
      'ERROR  plugin    It fell over.',
      'note   queue     1 given up.',
      '                 → Run --fix.',
      'ok     database  It is whole.',
    ].join('\n'),
  );
});
