import { expect, test } from 'vitest';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { addReaction, removeReaction } from '../../src/reactions/react.ts';
import type { Reaction } from '../../src/reactions/reaction.ts';
import { countReactions, listReactions } from '../../src/reactions/reaction-store.ts';
import { forEachDatabase, type OpenCore } from '../support/databases.ts';
import { addUser } from '../support/people.ts';

async function openPost(openCore: OpenCore) {
  const deps = await openCore();
  const author = await addUser(deps, 'marit');
  const draft = await createPost(deps, { authorId: author.id, title: 'Hello' });
  const post = await publishPost(deps, draft.id);
  const react = (actorId: string, change: Partial<Reaction> = {}) =>
    addReaction(deps, {
      postId: post.id,
      kind: 'like',
      source: 'elsewhere',
      actorId,
      name: actorId,
      handle: null,
      url: null,
      avatarUrl: null,
      externalId: `${actorId}/like`,
      emoji: null,
      ...change,
    });
  return { deps, author, post, react };
}

forEachDatabase((openCore) => {
  test('each reader counts once for each kind, the newest first', async () => {
    const { deps, post, react } = await openPost(openCore);
    expect(await react('anna')).toBe(true);
    expect(await react('anna', { emoji: '🎉' })).toBe(false);
    expect(await react('anna', { kind: 'boost', externalId: 'b' })).toBe(true);
    expect(await react('bob')).toBe(true);

    expect(await countReactions(deps.db, post.id)).toMatchObject({ like: 2, boost: 1 });
    const likes = await listReactions(deps.db, { postId: post.id, kind: 'like', limit: 9 });
    expect(likes.map(({ actorId, emoji }) => [actorId, emoji])).toEqual([
      ['bob', null],
      ['anna', '🎉'],
    ]);
  });

  test('the same reaction arriving several times at once counts once', async () => {
    const { deps, post, react } = await openPost(openCore);
    const isNew = await Promise.all([1, 2, 3].map(() => react('anna')));
    expect(isNew.filter(Boolean)).toHaveLength(1);
    expect(await countReactions(deps.db, post.id)).toMatchObject({ like: 1, boost: 0 });
  });

  test('of a like and a dislike a reader gives one, the later', async () => {
    const { deps, post, react } = await openPost(openCore);
    await react('anna');
    await react('bob', { kind: 'dislike' });
    expect(await react('anna', { kind: 'dislike' })).toBe(true);
    expect(await countReactions(deps.db, post.id)).toMatchObject({ like: 0, dislike: 2, boost: 0 });
    await react('anna');
    expect(await countReactions(deps.db, post.id)).toMatchObject({ like: 1, dislike: 1 });
  });

  test('a post that is not public takes none', async () => {
    const { deps, author, react } = await openPost(openCore);
    const draft = await createPost(deps, { authorId: author.id, title: 'Draft' });
    expect(await react('anna', { postId: draft.id })).toBe(false);
    expect(await react('anna', { postId: 'nothing' })).toBe(false);
  });

  test('what is taken back goes, and only that', async () => {
    const { deps, post, react } = await openPost(openCore);
    await react('anna');
    await react('bob');
    const anna = { source: 'elsewhere', actorId: 'anna' };

    expect(await removeReaction(deps, { ...anna, externalId: 'another' })).toBe(false);
    expect(await removeReaction(deps, { ...anna, source: 'other', externalId: 'anna/like' })).toBe(false);
    expect(await removeReaction(deps, { ...anna, externalId: 'anna/like' })).toBe(true);
    expect(await countReactions(deps.db, post.id)).toMatchObject({ like: 1, boost: 0 });
  });
});
