import { beforeAll, expect } from 'vitest';
import type { Comment } from '../../src/comments/comment.ts';
import type { Json } from '../support/remote-peer.ts';
import { footprintOf } from './footprint.ts';
import { type AttackedBlog, activityOf, commentOf, noteOf, shareAttackedBlog } from './open-blog.ts';
import { type RawAnswer, sendSigned } from './send-raw.ts';
import type { WildActor } from './wild-peer.ts';

/** A post, somebody who answered, liked and followed, somebody of the same server, and somebody who means ill. */
export type People = {
  post: { id: string; post: { id: string } };
  bob: WildActor;
  /** On bob's server. */
  neighbour: WildActor;
  mallory: WildActor;
  /** What bob said, and did, all of it stored. */
  said: Json;
  liked: Json;
  followed: Json;
};

/** A blog with these people, for all tests of a file. */
export function shareInbox() {
  const blog = shareAttackedBlog();
  let people: People | undefined;
  const shared = () => {
    if (!people) throw new Error('The people are there within tests only.');
    return people;
  };
  const accept = async (actor: WildActor, activity: Json): Promise<void> => {
    expect((await sendSigned(blog().url, actor, activity)).status).toBe(202);
    await blog().idle();
  };
  beforeAll(async () => {
    const post = await blog().publish({ title: 'A subject', bodyMarkdown: 'Words.' });
    const bob = blog().good.actor('bob');
    const neighbour = blog().good.actor('neighbour');
    const mallory = blog().evil.actor('mallory');
    const said = noteOf(bob, { inReplyTo: post.id, content: '<p>Bob’s own words.</p>' });
    const liked = activityOf(bob, 'Like', post.id);
    const followed = activityOf(bob, 'Follow', blog().author);
    for (const activity of [activityOf(bob, 'Create', said), liked, followed]) await accept(bob, activity);
    for (const actor of [mallory, neighbour]) await accept(actor, activityOf(actor, 'View', post.id));
    people = { post, bob, neighbour, mallory, said, liked, followed };
  });
  return {
    blog,
    people: shared,
    /** Sends what must be taken, and waits until it is handled. */
    accept,
    commentOf: (note: Json): Promise<Comment | null> => commentOf(blog(), note),
    /** A Create of an answer to the post. */
    answer: (actor: WildActor, members: Json = {}): Json =>
      activityOf(actor, 'Create', noteOf(actor, { inReplyTo: shared().post.id, ...members })),
    /** Sends what must be refused: in time, with nothing stored, and with no more requests to others than these. */
    refuse: (sending: () => Promise<RawAnswer>, how: Refusal) => expectRefused(blog(), sending, how),
  };
}

type Refusal = { statuses: readonly number[]; mayFetch?: number };

async function expectRefused(
  { app, good, evil, idle }: AttackedBlog,
  sending: () => Promise<RawAnswer>,
  { statuses, mayFetch = 0 }: Refusal,
): Promise<void> {
  const before = await footprintOf(app);
  const hits = good.hits.length + evil.hits.length;
  const received = await sending();
  expect(statuses).toContain(received.status);
  expect(received.ms).toBeLessThan(4500);
  expect(received.text).not.toMatch(/\n\s+at |node_modules|SQLITE/);
  await idle();
  expect(await footprintOf(app)).toEqual(before);
  expect(good.hits.length + evil.hits.length - hits).toBeLessThanOrEqual(mayFetch);
}
