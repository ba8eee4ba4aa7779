import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readActivity, readDocument } from '../../../../plugins/federation/vocabulary/activity.ts';
import { readCollection } from '../../../../plugins/federation/vocabulary/collection.ts';
import { parseJson } from '../../../../plugins/federation/vocabulary/json.ts';
import { authorOf } from '../../../../plugins/federation/vocabulary/object.ts';
import { actorAddress, readWebFinger } from '../../../../plugins/federation/vocabulary/webfinger.ts';

const folder = join(import.meta.dirname, '../../../../../shared/fixtures');
const documents = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'))
  : [];

/** What a file's name promises to be; the rest of the names begin with an activity's type. */
const kindByName: [RegExp, 'actor' | 'object' | 'collection' | 'account' | 'nodeinfo'][] = [
  [/\/actor/, 'actor'],
  [/\/(note|article|page|event|tombstone|spoofed)/, 'object'],
  [/\/collection/, 'collection'],
  [/\/webfinger/, 'account'],
  [/\/nodeinfo/, 'nodeinfo'],
];
const activityByName: [RegExp, string][] = [
  [/\/emoji-react/, 'EmojiReact'],
  [/\/quote-request/, 'QuoteRequest'],
  [/\/remove-/, 'Delete'],
];

/** Documents that are something else than their name says, or are refused, and why. */
const exceptions: Record<string, string> = {
  'mastodon/create-direct-message.json': 'object',
  'misskey/like-emoji-react.json': 'The id of the activity is not on the server of its actor.',
  'quirks/delete-two-actors.json': 'The activity has more than one actor.',
};

const load = (path: string) => parseJson(readFileSync(join(folder, path)));
const named = (kind: string) =>
  documents.filter(
    (path) => (exceptions[path] ?? kindByName.find(([name]) => name.test(path))?.[1] ?? 'activity') === kind,
  );

describe.skipIf(documents.length === 0)('documents of other software', () => {
  test.each(named('activity'))('%s is an activity with an object', (path) => {
    const reading = readActivity(load(path));
    expect(reading).toMatchObject({
      kind: 'activity',
      activity: { actor: expect.stringMatching(/^https?:/) },
    });
    if (reading.kind !== 'activity') return;
    const name = /\/([a-z]+)/.exec(path)?.[1] ?? '';
    const type =
      activityByName.find(([pattern]) => pattern.test(path))?.[1] ?? name[0]?.toUpperCase() + name.slice(1);
    expect(reading.activity.type).toBe(type);
    expect(reading.activity.objects).not.toHaveLength(0);
    for (const ref of reading.activity.objects) {
      if (type === 'Create') {
        expect(ref).toMatchObject({ kind: 'object', object: { id: expect.any(String) } });
        if (ref.kind === 'object')
          expect(authorOf(ref.object, reading.activity.actor)).toBe(reading.activity.actor);
      }
      if (type === 'Undo') expect(ref.kind).toBe('activity');
    }
  });

  test.each(named('object'))('%s is an object', (path) => {
    expect(readDocument(load(path))).toMatchObject({
      kind: 'object',
      object: { id: expect.any(String), type: expect.stringMatching(/^[A-Z]/) },
    });
  });

  test.each(named('actor'))('%s is an actor that can be followed, or a stub for its key', (path) => {
    const reading = readDocument(load(path));
    expect(reading).toMatchObject({ kind: 'actor', actor: { preferredUsername: expect.any(String) } });
    if (reading.kind === 'actor') expect(reading.actor.keyOnly || reading.actor.inbox !== null).toBe(true);
  });

  test.each(named('collection'))('%s is a collection with items or a way to them', (path) => {
    const reading = readCollection(load(path));
    expect(reading.kind).toBe('collection');
    if (reading.kind !== 'collection') return;
    const { items, next } = reading.collection;
    expect(items.length > 0 || next !== null).toBe(true);
  });

  test.each(named('account'))('%s leads to an actor', (path) => {
    const reading = readWebFinger(load(path));
    expect(reading).toMatchObject({ kind: 'account', account: { handle: { host: expect.any(String) } } });
    if (reading.kind === 'account') expect(actorAddress(reading.account)).toMatch(/^https:/);
  });

  test.each(Object.entries(exceptions).filter(([, reason]) => reason.includes(' ')))(
    '%s: %s',
    (path, reason) => {
      expect(readActivity(load(path))).toMatchObject({ kind: 'refused', reason });
    },
  );
});

test.skipIf(documents.length === 0)('the documents come from more than forty systems', () => {
  expect(new Set(documents.map((path) => path.split('/')[0])).size).toBeGreaterThan(40);
});
