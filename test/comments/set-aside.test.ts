import { expect, test } from 'vitest';
import { findComment } from '../../src/comments/comment-store.ts';
import { moderateComments } from '../../src/comments/moderate-comments.ts';
import { receiveComment } from '../../src/comments/receive-comment.ts';
import { bringCommentsBack, setCommentsAside } from '../../src/comments/set-aside.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { findPostFields } from '../../src/posts/post-field-store.ts';
import { deletePost, publishPost, trashPost } from '../../src/posts/publish-post.ts';
import { createPost, updatePost } from '../../src/posts/write-post.ts';
import { addReaction, removeReaction } from '../../src/reactions/react.ts';
import { countReactions } from '../../src/reactions/reaction-store.ts';
import { bringReactionsBack, setReactionsAside } from '../../src/reactions/set-aside.ts';
import { forEachDatabase } from '../support/databases.ts';
import { addUser } from '../support/people.ts';

const source = 'elsewhere';
const ids = [
  'https://bad.example/a',
  'https://sub.bad.example:8443/b',
  'https://notbad.example/bad.example/c',
];
const bad = { hosts: ['bad.example'] };

forEachDatabase((openCore) => {
  test('what people of a host said and gave is set aside and brought back, but for whom something else concerns', async () => {
    const deps = await openCore();
    const { id: authorId } = await addUser(deps, 'marit');
    const { id: postId } = await publishPost(deps, (await createPost(deps, { title: 'A', authorId })).id);
    const comments: string[] = [];
    for (const id of ids) {
      const author = { name: id, url: null, handle: null, avatarUrl: null };
      const input = { postId, source, author, html: 'Hm', externalId: `${id}/1`, externalAuthorId: id };
      const receipt = await receiveComment(deps, input);
      if (receipt.kind === 'stored') comments.push(receipt.comment.id);
      const given = { postId, source, actorId: id, name: id, handle: null, url: null, avatarUrl: null };
      await addReaction(deps, { ...given, kind: 'like', externalId: null, emoji: null });
    }
    await moderateComments(deps, [comments[0] ?? '', comments[2] ?? ''], 'approve');
    const states = async () =>
      Promise.all(comments.map(async (id) => (await findComment(deps.db, id))?.status));
    const likes = async () => (await countReactions(deps.db, postId)).like;

    expect(
      await inTransaction(deps.db, async (trx) => [
        await setCommentsAside(deps, trx, { source, authors: bad }),
        await setReactionsAside(deps, trx, { source, authors: bad }),
      ]),
    ).toEqual([2, 2]);
    expect([await states(), await likes()]).toEqual([['trash', 'trash', 'approved'], 1]);

    const back = (except: object) =>
      inTransaction(deps.db, async (trx) => [
        await bringCommentsBack(deps, trx, { source, authors: bad, except }),
        await bringReactionsBack(deps, trx, { source, authors: bad, except }),
      ]);
    expect(await back({ ids: [ids[0]] })).toEqual([1, 1]);
    expect([await states(), await likes()]).toEqual([['trash', 'pending', 'approved'], 2]);
    await removeReaction(deps, { source, actorId: ids[0] ?? '' });
    expect(await back({})).toEqual([1, 0]);
    expect([await states(), await likes()]).toEqual([['approved', 'pending', 'approved'], 2]);
  });

  test('what plugins keep beside a post is merged, and goes with it', async () => {
    const deps = await openCore();
    const { id: authorId } = await addUser(deps, 'marit');
    const post = await createPost(deps, { title: 'A', authorId, fields: { hello: { mood: 'calm', n: 1 } } });
    await updatePost(deps, post.id, { fields: { hello: { n: 2 }, other: { x: [] } } });
    expect(await findPostFields(deps.db, post.id)).toEqual({
      hello: { mood: 'calm', n: 2 },
      other: { x: [] },
    });
    await trashPost(deps, post.id);
    await deletePost(deps, post.id);
    expect(await findPostFields(deps.db, post.id)).toEqual({});
  });
});
