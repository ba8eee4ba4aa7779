import { expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import {
  countMedia,
  findMediaByFiles,
  findMedium,
  insertMedium,
  listMedia,
  mediumFile,
  removeMedium,
  saveAlt,
} from '../../src/media/media-store.ts';
import type { Medium } from '../../src/media/medium.ts';
import { forEachDatabase } from '../support/databases.ts';

function medium(file: string, change: Partial<Medium> = {}): Medium {
  return {
    id: newId(),
    file,
    mimeType: 'image/png',
    width: 640,
    height: 480,
    size: 12_345,
    alt: 'A “bridge”',
    variants: [{ file: `small-${file}`, width: 320, mimeType: 'image/webp' }],
    placeholder: null,
    durationSeconds: null,
    userId: null,
    createdAt: '2026-11-20T12:00:00.000Z',
    ...change,
  };
}

forEachDatabase((openCore) => {
  test('a medium comes back as it was stored, by id and by file', async () => {
    const { db } = await openCore();
    const one = medium('a.png');
    const sound = medium('b.mp3', { width: null, height: null, variants: [], userId: 'u' });
    for (const each of [one, sound]) await insertMedium(db, each);

    expect(await findMedium(db, one.id)).toEqual(one);
    expect(await findMediaByFiles(db, ['b.mp3', 'nothing'])).toEqual([sound]);
    expect(await listMedia(db, { limit: 1 })).toEqual([sound]);
    expect(await listMedia(db, { limit: 9, after: sound.id })).toEqual([one]);
    expect(await listMedia(db, { limit: 9, userId: 'u' })).toEqual([sound]);
    await saveAlt(db, one.id, 'Another');
    expect((await findMedium(db, one.id))?.alt).toBe('Another');
    await removeMedium(db, one.id);
    expect(await countMedia(db)).toBe(1);
  });
});

test.each([
  ['/media/2026/11/a.png', '2026/11/a.png'],
  ['https://blog.example/media/a.png', 'a.png'],
  ['https://other.example/media/a.png', null],
  ['/media/a b.png', null],
  ['/mediaa.png', null],
])('the address %s names the file %s', (address, file) => {
  expect(mediumFile('https://blog.example', address)).toBe(file);
});
