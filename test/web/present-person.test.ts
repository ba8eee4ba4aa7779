import { expect, test } from 'vitest';
import { presentAvatar, presentPerson, splitHandle } from '../../src/web/present-person.ts';

test('a handle is shown in two halves', () => {
  expect(splitHandle('@ada@social.example')).toEqual({ name: 'ada', host: 'social.example' });
  expect(splitHandle('ada@social.example')).toEqual({ name: 'ada', host: 'social.example' });
});

test.each([null, '', '@ada', 'ada', '@a@b@c', '@ada@social example'])('%j is no handle', (handle) => {
  expect(splitHandle(handle)).toBeNull();
});

test('somebody without a picture gets the first letter of their name, on the same ground each time', () => {
  const face = presentAvatar('🌿 ada', null);
  expect(face).toMatchObject({ url: null, initial: 'A' });
  expect(presentAvatar('🌿 ada', null).ground).toBe(face.ground);
  expect(presentAvatar('', null).initial).toBe('?');
});

const link = (use: string, url: string) => `/pictures/${use}/${url}`;

test('a face from elsewhere is shown from here', () => {
  const author = { name: 'Ada', url: null, handle: null, avatarUrl: 'https://social.example/a.png' };
  expect(presentPerson(author, link).avatar.url).toBe('/pictures/face/https://social.example/a.png');
  expect(presentPerson({ ...author, avatarUrl: null }, link).avatar.url).toBeNull();
});

test('a name shows its pictures and nothing else of markup', () => {
  const author = {
    name: 'Ada :fern: <b> :none:',
    url: null,
    handle: null,
    avatarUrl: null,
    emojis: [{ name: 'fern', url: 'https://social.example/fern.png' }],
  };
  const shown = presentPerson(author, link).nameHtml.toString();
  expect(shown).toMatch(
    /^Ada <img [^>]*src="\/pictures\/emoji\/https:\/\/social\.example\/fern\.png"[^>]*> &lt;b&gt; :none:$/,
  );
  expect(shown).toContain('alt=":fern:"');
});
