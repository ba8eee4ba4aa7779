import { expect, test } from 'vitest';
import { durationOf } from '../../src/media/duration.ts';
import { mp3, wav } from '../support/sounds.ts';

test.each<[string, string, Buffer, number | null]>([
  ['a sound of three seconds', 'audio/wav', wav(3), 3],
  ['a sound shorter than one', 'audio/mpeg', mp3(10), 1],
  ['an MP3 of two seconds', 'audio/mpeg', mp3(77), 2],
  ['what is cut off at its beginning', 'audio/mp4', Buffer.from('\0\0\0\x18ftypM4A '), null],
  ['bytes that mean nothing', 'video/webm', Buffer.alloc(2_000, 7), null],
  ['a picture', 'image/png', wav(3), null],
])('%s', async (_what, mimeType, bytes, seconds) => {
  expect(await durationOf(bytes, mimeType)).toBe(seconds);
});
