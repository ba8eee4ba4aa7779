import { expect, test } from 'vitest';
import type { Comment } from '../../src/comments/comment.ts';
import { type ThreadedComment, threadComments } from '../../src/web/thread-comments.ts';

function comment(id: string, parentId: string | null = null): Comment {
  return {
    id,
    postId: 'post',
    parentId,
    status: 'approved',
    source: 'web',
    author: { name: id.toUpperCase(), url: null, handle: null, avatarUrl: null },
    authorUserId: null,
    authorEmail: null,
    html: '',
    text: '',
    raw: '',
    externalId: null,
    externalUrl: null,
    externalAuthorId: null,
    language: null,
    note: null,
    warning: null,
    emojis: [],
    poll: null,
    statusBefore: null,
    createdAt: '',
    updatedAt: '',
  };
}

/** A thread in short: `a(b(c) d)`, with `>x` where the comment says that it answers x. */
function inShort(threads: readonly ThreadedComment[]): string {
  return threads
    .map(
      ({ comment: { id }, answers, replies }) =>
        `${id}${answers ? `>${answers.id}` : ''}${replies.length > 0 ? `(${inShort(replies)})` : ''}`,
    )
    .join(' ');
}

test('answers stand below what they answer, in order of time', () => {
  expect(inShort(threadComments([comment('a'), comment('b', 'a'), comment('c'), comment('d', 'a')]))).toBe(
    'a(b d) c',
  );
});

test('threads go three deep, and what lies deeper follows flat and says whom it answers', () => {
  const line = [
    comment('a'),
    comment('b', 'a'),
    comment('c', 'b'),
    comment('d', 'c'),
    comment('e', 'd'),
    comment('f', 'e'),
    comment('g', 'c'),
  ];
  expect(inShort(threadComments(line))).toBe('a(b(c(d e>d f>e g)))');
});

test('an answer to a comment that is not shown stands by itself', () => {
  expect(inShort(threadComments([comment('a'), comment('b', 'hidden')]))).toBe('a b');
});

test('an answer to a hidden comment stands below what that answered, and says so', () => {
  const hidden = new Map([
    ['x', 'a'],
    ['y', 'x'],
    ['z', null],
  ]);
  const threads = threadComments(
    [comment('a'), comment('b', 'y'), comment('c', 'z'), comment('d', 'b')],
    hidden,
  );
  expect(inShort(threads)).toBe('a(b(d)) c');
  expect(threads[0]?.replies[0]).toMatchObject({ answersHidden: true, answers: null });
  expect(threads[0]).toMatchObject({ answersHidden: false });
});

test('hidden comments that answer each other in a circle end somewhere', () => {
  const hidden = new Map([
    ['x', 'y'],
    ['y', 'x'],
  ]);
  expect(inShort(threadComments([comment('a', 'x')], hidden))).toBe('a');
});

test('an answer that claims to be older than what it answers still stands below it', () => {
  expect(inShort(threadComments([comment('b', 'a'), comment('a')]))).toBe('a(b)');
});

test('comments that answer each other in a circle are all shown', () => {
  const shown = inShort(threadComments([comment('a', 'b'), comment('b', 'a'), comment('c', 'c')]));
  for (const id of ['a', 'b', 'c']) expect(shown).toContain(id);
});
