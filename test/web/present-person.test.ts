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

test('a picture that the page may not load is left out', () => {
  const author = { name: 'Ada', url: null, handle: null, avatarUrl: 'http://social.example/a.png' };
  expect(presentPerson(author).avatar.url).toBeNull();
  expect(presentPerson({ ...author, avatarUrl: 'https://social.example/a.png' }).avatar.url).toBe(
    'https://social.example/a.png',
  );
});
