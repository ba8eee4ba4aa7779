import { describe, expect, test } from 'vitest';
import {
  type CommunityKind,
  kindOfCommunity,
  readCommunityName,
} from '../../../../plugins/federation/communities/community.ts';
import { postFields } from '../../../../plugins/federation/post-fields.ts';
import { addressTo } from '../../../../plugins/federation/vocabulary/community-out.ts';

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
const post = {
  type: 'Article',
  url: 'https://blog.example/hello',
  to: [PUBLIC],
  cc: ['https://blog.example/ap/users/1/followers'],
  tag: [{ type: 'Hashtag', name: '#a', href: 'https://blog.example/tag/a' }],
  attachment: [{ type: 'Image', url: 'https://blog.example/a.png' }],
};
const community = (name: string, kind: CommunityKind) => ({
  id: `https://there.example/c/${name}`,
  handle: `@${name}@there.example`,
  kind,
});

describe('a community is named', () => {
  test.each([
    ['!cooking@lemmy.example', { kind: 'handle', username: 'cooking', host: 'lemmy.example' }],
    ['  @cooking@Lemmy.Example ', { kind: 'handle', username: 'cooking', host: 'lemmy.example' }],
    ['cooking@lemmy.example:8443', { kind: 'handle', username: 'cooking', host: 'lemmy.example:8443' }],
    ['https://lemmy.example/c/cooking', { kind: 'address', id: 'https://lemmy.example/c/cooking' }],
    ['cooking', null],
    ['!cooking', null],
    ['ftp://lemmy.example/c/cooking', null],
    ['', null],
  ])('%j', (typed, name) => expect(readCommunityName(typed)).toEqual(name));
});

test.each<[string | null, string, CommunityKind]>([
  ['lemmy 0.19.5', 'https://a.example/c/x', 'link'],
  ['PieFed 1.0', 'https://a.example/c/x', 'link'],
  ['mbin 1.8', 'https://a.example/m/x', 'address'],
  ['nodebb 4', 'https://a.example/category/2', 'address'],
  ['friendica 2024.12', 'https://a.example/profile/x', 'mention'],
  ['guppe', 'https://a.example/u/x', 'mention'],
  [null, 'https://a.example/c/x', 'link'],
  ['unknown', 'https://a.example/m/x', 'address'],
  [null, 'https://a.example/category/12', 'address'],
  [null, 'https://a.example/u/x', 'mention'],
])('%s at %s is addressed as %s', (software, id, kind) => expect(kindOfCommunity(software, id)).toBe(kind));

test('an object for nobody in particular stays as it is', () => {
  expect(addressTo(post, [])).toBe(post);
});

test('a Lemmy community is addressed and named as the audience, and gets the page as its link', () => {
  expect(addressTo(post, [community('cooking', 'link')])).toEqual({
    ...post,
    to: [PUBLIC, 'https://there.example/c/cooking'],
    audience: 'https://there.example/c/cooking',
    attachment: [{ type: 'Link', href: post.url, mediaType: 'text/html' }, ...post.attachment],
  });
});

test('a group that looks at mentions is mentioned, once, and not told twice in to and cc', () => {
  const group = community('chat', 'mention');
  const mention = { type: 'Mention', href: group.id, name: group.handle };
  const addressed = addressTo(post, [group]);
  expect(addressed).toMatchObject({ tag: [...post.tag, mention], attachment: post.attachment });
  const twice = addressTo({ ...post, cc: [...post.cc, group.id], tag: [mention] }, [group]);
  expect(twice).toMatchObject({ to: [PUBLIC, group.id], cc: post.cc, tag: [mention] });
});

test('the first community is the audience, and a comment gets no link', () => {
  const both = [community('one', 'link'), community('two', 'address')];
  expect(addressTo(post, both)).toMatchObject({
    audience: both[0]?.id,
    to: [PUBLIC, both[0]?.id, both[1]?.id],
  });
  const { attachment: _, ...comment } = { ...post, type: 'Note', inReplyTo: 'https://there.example/1' };
  expect(addressTo(comment, both)).not.toHaveProperty('attachment');
});

test('what names no community is refused where it is typed', () => {
  const refused = postFields.safeParse({ communities: ['cooking'] });
  expect(refused.error?.issues[0]?.message).toBe('Name each as !name@host, or by its address.');
  const many = postFields.safeParse({ communities: Array(6).fill('!a@b.example') });
  expect(many.error?.issues[0]?.message).toBe('At most 5 communities.');
});
