import { describe, expect, test } from 'vitest';
import { type ForeignObject, readObject } from '../../../../plugins/federation/vocabulary/object.ts';

function read(members: Record<string, unknown>): ForeignObject {
  const reading = readObject({ id: 'https://remote.example/notes/1', type: 'Note', ...members });
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.object;
}

describe('polls', () => {
  const option = (name: string, votes?: unknown) => ({
    type: 'Note',
    name,
    ...(votes !== undefined && { replies: { type: 'Collection', totalItems: votes } }),
  });

  test('one answer of several, with counts and an end (Mastodon)', () => {
    const { poll } = read({
      type: 'Question',
      oneOf: [option('A', 3), option('B', '0')],
      endTime: '2026-08-12T02:32:01Z',
      votersCount: 3,
    });
    expect(poll).toEqual({
      isMultiple: false,
      options: [
        { name: 'A', votes: 3 },
        { name: 'B', votes: 0 },
      ],
      votersCount: 3,
      endsAt: new Date('2026-08-12T02:32:01Z'),
      closedAt: null,
    });
  });

  test('several answers, an empty list for the other kind (Pleroma), closed', () => {
    const { poll } = read({
      type: 'Question',
      oneOf: [],
      anyOf: [option('A'), 'B', null, { type: 'Note', name: '' }],
      closed: '2026-08-12T02:32:01Z',
    });
    expect(poll?.isMultiple).toBe(true);
    expect(poll?.options).toEqual([
      { name: 'A', votes: null },
      { name: 'B', votes: null },
    ]);
    expect(poll?.closedAt).toEqual(new Date('2026-08-12T02:32:01Z'));
  });

  test('counts by Misskey’s own name', () => {
    expect(read({ oneOf: [{ name: 'A', _misskey_votes: 7 }] }).poll?.options[0]?.votes).toBe(7);
  });

  test('more than twenty options are cut off, and no option is no poll', () => {
    const many = Array.from({ length: 500 }, (_, at) => option(`${at}`));
    expect(read({ oneOf: many }).poll?.options).toHaveLength(20);
    expect(read({ oneOf: [], anyOf: null }).poll).toBeNull();
  });
});
