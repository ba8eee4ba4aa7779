import { expect, test } from 'vitest';
import { authorRecords } from '../../src/comments/author-record-store.ts';
import type { IncomingComment } from '../../src/comments/comment.ts';
import {
  countComments,
  countCommentsByStatus,
  findComment,
  findReceivedComment,
  listComments,
  listThread,
} from '../../src/comments/comment-store.ts';
import { moderateComments, replyToComment } from '../../src/comments/moderate-comments.ts';
import {
  changeReceivedComment,
  receiveComment,
  removeReceivedComment,
  removeReceivedCommentsOf,
  renameReceivedAuthor,
} from '../../src/comments/receive-comment.ts';
import { submitComment } from '../../src/comments/submit-comment.ts';
import { publishPost, trashPost } from '../../src/posts/publish-post.ts';
import { createPost, updatePost } from '../../src/posts/write-post.ts';
import { forEachDatabase, type OpenCore } from '../support/databases.ts';
import { eventsOf } from '../support/events.ts';
import { addUser } from '../support/people.ts';

const anna = {
  name: 'Anna',
  url: 'https://social.example/@anna',
  handle: '@anna@social.example',
  avatarUrl: null,
};

async function openPost(openCore: OpenCore) {
  const deps = await openCore();
  const author = await addUser(deps, 'marit');
  const draft = await createPost(deps, { authorId: author.id, title: 'Hello', bodyMarkdown: 'Text' });
  const post = await publishPost(deps, draft.id);
  let count = 0;
  const incoming = (comment: Partial<IncomingComment> = {}): IncomingComment => {
    count += 1;
    const externalId = `https://social.example/notes/${count}`;
    const base = { postId: post.id, source: 'elsewhere', author: anna, html: '<p>Hi</p>', externalId };
    return { ...base, externalAuthorId: 'https://social.example/users/anna', ...comment };
  };
  const receive = async (comment: Partial<IncomingComment> = {}) => {
    deps.clock.advance(1000);
    const receipt = await receiveComment(deps, incoming(comment));
    if (receipt.kind === 'refused') throw new Error(receipt.reason);
    return receipt.comment;
  };
  const events = async () => (await eventsOf(deps)).filter((name) => name.startsWith('comment.'));
  return { deps, author, post, incoming, receive, events };
}

forEachDatabase((openCore) => {
  test('a comment from elsewhere waits, sanitised, and comes back as it was stored', async () => {
    const { deps, post, receive, events } = await openPost(openCore);
    const comment = await receive({
      html: '<p onclick="x()">Hi <script>alert(1)</script><b>there</b></p>',
      language: 'en',
    });

    expect(comment).toMatchObject({
      status: 'pending',
      postId: post.id,
      text: expect.stringContaining('there'),
      language: 'en',
    });
    expect(comment.html).not.toMatch(/script|onclick/);
    expect(comment.raw).toContain('onclick');
    expect(await findComment(deps.db, comment.id)).toEqual(comment);
    expect(await findReceivedComment(deps.db, 'elsewhere', comment.externalId ?? '')).toEqual(comment);
    expect(await events()).toEqual(['comment.received']);
  });

  test('the same comment arriving several times at once is stored once', async () => {
    const { deps, incoming, events } = await openPost(openCore);
    const same = incoming();
    const receipts = await Promise.all([1, 2, 3, 4].map(() => receiveComment(deps, same)));

    expect(receipts.filter(({ kind }) => kind === 'stored')).toHaveLength(1);
    expect(new Set(receipts.map((receipt) => 'comment' in receipt && receipt.comment.id)).size).toBe(1);
    expect(await countComments(deps.db, {})).toBe(1);
    expect(await events()).toEqual(['comment.received']);
  });

  test.each([
    ['a post that is not public', 'no such post'],
    ['closed comments', 'comments are closed'],
    ['nothing that could be shown', 'nothing left to show'],
  ])('what answers %s is refused', async (_, reason) => {
    const { deps, post, incoming } = await openPost(openCore);
    if (reason === 'no such post') await trashPost(deps, post.id);
    if (reason === 'comments are closed') await updatePost(deps, post.id, { commentsOpen: false });
    const html = reason === 'nothing left to show' ? '<script>x</script>' : '<p>Hi</p>';

    expect(await receiveComment(deps, incoming({ html }))).toEqual({ kind: 'refused', reason });
    expect(await countComments(deps.db, {})).toBe(0);
  });

  test('an approved comment whose text its author changes waits again; one with the same text does not', async () => {
    const { deps, receive, events } = await openPost(openCore);
    const comment = await receive();
    await moderateComments(deps, [comment.id], 'approve');
    const change = {
      source: 'elsewhere',
      externalId: comment.externalId ?? '',
      externalAuthorId: comment.externalAuthorId ?? '',
    };
    expect(await changeReceivedComment(deps, { ...change, html: '<p><b>Hi</b></p>' })).toMatchObject({
      status: 'approved',
    });

    expect(await changeReceivedComment(deps, { ...change, html: '<p>Buy this</p>' })).toMatchObject({
      status: 'pending',
      statusBefore: 'approved',
      text: 'Buy this',
    });
    expect(await events()).toEqual(['comment.received', 'comment.approved', 'comment.hidden']);
  });

  test('an approved comment whose links lead elsewhere from now on waits again', async () => {
    const { deps, receive } = await openPost(openCore);
    const comment = await receive({ html: '<p>See <a href="https://good.example/">this</a></p>' });
    await moderateComments(deps, [comment.id], 'approve');
    const change = {
      source: 'elsewhere',
      externalId: comment.externalId ?? '',
      externalAuthorId: comment.externalAuthorId ?? '',
    };
    const same = '<p><em>See</em> <a class="x" href="https://good.example/">this</a></p>';
    expect(await changeReceivedComment(deps, { ...change, html: same })).toMatchObject({
      status: 'approved',
    });
    const other = '<p>See <a href="https://evil.example/">this</a></p>';
    expect(await changeReceivedComment(deps, { ...change, html: other })).toMatchObject({
      status: 'pending',
    });
  });

  test('only its own author changes or removes a comment', async () => {
    const { deps, receive } = await openPost(openCore);
    const comment = await receive();
    const other = {
      source: 'elsewhere',
      externalId: comment.externalId ?? '',
      externalAuthorId: 'https://social.example/users/mallory',
    };

    expect(await changeReceivedComment(deps, { ...other, html: 'x' })).toBeNull();
    expect(await removeReceivedComment(deps, other)).toBe(false);
    expect(
      await removeReceivedComment(deps, { ...other, externalAuthorId: comment.externalAuthorId ?? '' }),
    ).toBe(true);
    expect(await findComment(deps.db, comment.id)).toBeNull();
  });

  test('all that one person wrote can be renamed and removed, and nothing else', async () => {
    const { deps, receive } = await openPost(openCore);
    const [first] = [await receive(), await receive()];
    const other = await receive({
      externalAuthorId: 'https://social.example/users/bob',
      author: { ...anna, name: 'Bob' },
    });
    const who = { source: 'elsewhere', externalAuthorId: first.externalAuthorId ?? '' };
    await renameReceivedAuthor(deps, { ...who, author: { ...anna, name: 'Anna B.' } });
    expect((await findComment(deps.db, first.id))?.author.name).toBe('Anna B.');
    expect((await findComment(deps.db, other.id))?.author.name).toBe('Bob');

    expect(await removeReceivedCommentsOf(deps, who)).toBe(2);
    expect((await listComments(deps.db, { limit: 9 })).map(({ id }) => id)).toEqual([other.id]);
  });

  test('lists are newest first, page after page; the thread is oldest first and public', async () => {
    const { deps, post, receive } = await openPost(openCore);
    const [a, b, c] = [await receive(), await receive({ html: 'über 50%' }), await receive()];
    await moderateComments(deps, [a.id, c.id], 'approve');
    const page = await listComments(deps.db, { limit: 2 });

    expect(page.map(({ id }) => id)).toEqual([c.id, b.id]);
    expect((await listComments(deps.db, { limit: 2, after: b.id })).map(({ id }) => id)).toEqual([a.id]);
    expect((await listComments(deps.db, { limit: 2, search: '50% ÜBER' })).map(({ id }) => id)).toEqual([
      b.id,
    ]);
    expect((await listThread(deps.db, post.id)).map(({ id }) => id)).toEqual([a.id, c.id]);
    expect(await countCommentsByStatus(deps.db)).toEqual({ pending: 1, approved: 2, spam: 0, trash: 0 });
    expect(await countComments(deps.db, { status: ['pending', 'approved'], source: 'elsewhere' })).toBe(3);
  });

  test('moderating is done to all that are named or, where one is missing, to none', async () => {
    const { deps, receive } = await openPost(openCore);
    const comment = await receive();
    await expect(moderateComments(deps, [comment.id, 'nothing'], 'approve')).rejects.toMatchObject({
      code: 'comment.not_found',
    });
    expect((await findComment(deps.db, comment.id))?.status).toBe('pending');
  });

  test('each state leads back to the one before, and deleting is for good', async () => {
    const { deps, post, receive, events } = await openPost(openCore);
    const comment = await receive();
    const states: (string | undefined)[] = [];
    for (const deed of ['approve', 'trash', 'restore', 'spam', 'restore', 'hold', 'delete'] as const) {
      await moderateComments(deps, [comment.id], deed);
      states.push((await findComment(deps.db, comment.id))?.status);
    }
    expect(states).toEqual(['approved', 'trash', 'approved', 'spam', 'approved', 'pending', undefined]);
    expect((await events()).slice(-3)).toEqual(['comment.approved', 'comment.hidden', 'comment.deleted']);
    expect(await listThread(deps.db, post.id)).toEqual([]);
  });

  test('answering a comment that waits approves it', async () => {
    const { deps, author, receive } = await openPost(openCore);
    const comment = await receive();
    const answer = await replyToComment(deps, {
      commentId: comment.id,
      userId: author.id,
      markdown: 'Thank *you*',
    });

    expect(answer).toMatchObject({
      status: 'approved',
      parentId: comment.id,
      authorUserId: author.id,
      text: 'Thank you',
    });
    expect((await findComment(deps.db, comment.id))?.status).toBe('approved');
  });

  test('where an answer cannot be taken, the comment that waits is not approved', async () => {
    const { deps, author, post, receive } = await openPost(openCore);
    const comment = await receive();
    const answer = (markdown: string) =>
      replyToComment(deps, { commentId: comment.id, userId: author.id, markdown });
    await expect(answer('x'.repeat(70_000))).rejects.toMatchObject({ code: 'comment.invalid' });
    await updatePost(deps, post.id, { commentsOpen: false });
    await expect(answer('Thank you')).rejects.toMatchObject({ code: 'comments.closed' });

    expect((await findComment(deps.db, comment.id))?.status).toBe('pending');
  });

  test('a reader’s comment from the form waits, and keeps its e-mail address from everybody else', async () => {
    const { deps, post, events } = await openPost(openCore);
    const form = {
      postId: post.id,
      parentId: null,
      name: ' Bo ',
      email: 'bo@mail.example',
      url: '',
      text: 'Nice <b>',
      honeypot: '',
      formAgeMs: 9000,
    };
    const comment = await submitComment(deps, form);

    expect(comment).toMatchObject({
      status: 'pending',
      source: 'web',
      author: { name: 'Bo' },
      authorEmail: 'bo@mail.example',
    });
    expect(await findComment(deps.db, comment.id)).toEqual(comment);
    expect(await submitComment(deps, { ...form, honeypot: 'x' })).toMatchObject({ status: 'spam' });
    expect(await submitComment(deps, form)).toMatchObject({ externalId: null });
    expect(await events()).toHaveLength(3);
    await expect(submitComment(deps, { ...form, name: '', text: ' ' })).rejects.toMatchObject({
      fields: { name: expect.any(String), text: expect.any(String) },
    });
  });

  test('what somebody sent before is counted by who they are', async () => {
    const { deps, receive } = await openPost(openCore);
    const [first, second] = [await receive(), await receive()];
    await moderateComments(deps, [first.id], 'approve');
    const records = await authorRecords(deps.db, [second]);

    expect(records.get(second.id)).toEqual({ approved: 1, pending: 1, spam: 0, since: first.createdAt });
  });
});
