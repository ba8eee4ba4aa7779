import { describe, expect, test } from 'vitest';
import {
  activityIdOf,
  actorIdOf,
  collectionOf,
  commentIdOf,
  keyIdOf,
  postCollectionOf,
  postIdOf,
  readLocalId,
  siteActorIdOf,
} from '../../../plugins/federation/addresses.ts';

const origin = 'https://blog.example';
const id = '01a2094e-b264-70e7-b7cc-c7b2bcdb2398';

describe('our addresses', () => {
  test('each publication of a post has an id of its own', () => {
    expect(postIdOf(origin, { id, publication: 1 })).toBe(`${origin}/ap/posts/${id}`);
    expect(postIdOf(origin, { id, publication: 3 })).toBe(`${origin}/ap/posts/${id}-3`);
  });

  test.each([
    [actorIdOf(origin, id), { kind: 'actor', userId: id }],
    [keyIdOf(actorIdOf(origin, id)), { kind: 'actor', userId: id }],
    [siteActorIdOf(origin), { kind: 'site' }],
    [collectionOf(actorIdOf(origin, id), 'followers'), { kind: 'collection', of: 'followers', userId: id }],
    [postIdOf(origin, { id, publication: 1 }), { kind: 'post', postId: id, publication: 1 }],
    [postIdOf(origin, { id, publication: 12 }), { kind: 'post', postId: id, publication: 12 }],
    [
      postCollectionOf(postIdOf(origin, { id, publication: 2 }), 'replies'),
      { kind: 'post-collection', of: 'replies', postId: id, publication: 2 },
    ],
    [commentIdOf(origin, id), { kind: 'comment', commentId: id }],
    [activityIdOf(origin, id), { kind: 'activity', activityId: id }],
  ])('%s is read back', (address, expected) => {
    expect(readLocalId(origin, address)).toEqual(expected);
  });

  test.each([
    `${origin}/ap/posts/${id}-1`,
    `${origin}/ap/posts/${id}-02`,
    `${origin}/ap/posts/${id}#x`,
    `${origin}/ap/posts/${id}?x=1`,
    `${origin}/ap/posts/`,
    `${origin}/ap/users/..%2fsite`,
    `https://blog.example.evil.example/ap/users/${id}`,
    `http://blog.example/ap/users/${id}`,
    `https://evil.example/${origin}/ap/users/${id}`,
    'no address',
  ])('%s is none of ours', (address) => {
    expect(readLocalId(origin, address)).toBeNull();
  });
});
