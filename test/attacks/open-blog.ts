import { afterAll, beforeAll } from 'vitest';
import type { Comment } from '../../src/comments/comment.ts';
import { findComment } from '../../src/comments/comment-store.ts';
import { startTestBlog, type TestBlog } from '../../src/plugin-host/testing.ts';
import type { Post, PostInput } from '../../src/posts/post.ts';
import type { User } from '../../src/users/user.ts';
import type { Json } from '../support/remote-peer.ts';
import { startWildPeer, type WildPeer } from './wild-peer.ts';

/** A blog with two servers around it that mean well or not. */
export type AttackedBlog = Omit<TestBlog, 'owner' | 'publish'> & {
  owner: User;
  good: WildPeer;
  evil: WildPeer;
  /** The owner's actor. */
  author: string;
  publish(post: PostInput): Promise<{ post: Post; id: string; url: string }>;
  /** Runs a command of the federation plugin and gives what `--json` prints. */
  run(name: string, ...args: string[]): Promise<unknown>;
};

/** Starts a blog that all tests of a file share. */
export function shareAttackedBlog(env: Record<string, string> = {}): () => AttackedBlog {
  let shared: AttackedBlog | undefined;
  beforeAll(async () => {
    shared = await startAttackedBlog(env);
  });
  afterAll(() => shared?.close());
  return () => {
    if (!shared) throw new Error('The blog is there within tests only.');
    return shared;
  };
}

/** Starts a blog for one test; close it at the end. */
export async function startAttackedBlog(env: Record<string, string> = {}): Promise<AttackedBlog> {
  const [good, evil] = await Promise.all([startWildPeer(), startWildPeer()]);
  const blog = await startTestBlog({
    env: { OUTPOST_ALLOW_PRIVATE_NETWORK: `${good.host},${evil.host}`, ...env },
  });
  const { owner, url, app } = blog;
  if (!owner) throw new Error('The blog has no owner.');
  return {
    ...blog,
    owner,
    good,
    evil,
    author: `${url}/ap/users/${owner.id}`,
    async publish(input) {
      const post = await blog.publish(input);
      await blog.idle();
      return { post, id: `${url}/ap/posts/${post.id}`, url: `${url}/${post.slug}` };
    },
    async run(name, ...args) {
      const plugin = app.plugins.find('federation');
      const command = plugin?.definition.commands?.find((one) => one.name === name);
      if (!plugin || !command) throw new Error(`There is no command ${name}.`);
      return command.run({ args, options: {}, limit: 50, after: undefined }, plugin.context as never);
    },
    async close() {
      await blog.close();
      await Promise.all([good.close(), evil.close()]);
    },
  };
}

/** The comment that a note became, under whatever source, or null. */
export async function commentOf(blog: AttackedBlog, note: Json): Promise<Comment | null> {
  const { db } = blog.app.deps;
  const row = await db
    .selectFrom('comments')
    .select('id')
    .where('external_id', '=', String(note.id))
    .executeTakeFirst();
  return row ? findComment(db, row.id) : null;
}

export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
let count = 0;

/** A fresh id on the server of an actor. */
export function freshId(actor: { id: string }, what = 'activities'): string {
  count += 1;
  return `${new URL(actor.id).origin}/${what}/${count}`;
}

/** An activity of somebody about an object. */
export function activityOf(actor: { id: string }, type: string, object: unknown, members: Json = {}): Json {
  const context = 'https://www.w3.org/ns/activitystreams';
  return { '@context': context, id: freshId(actor), type, actor: actor.id, object, ...members };
}

/** A public Note of somebody. */
export function noteOf(actor: { id: string }, members: Json = {}): Json {
  return {
    id: freshId(actor, 'notes'),
    type: 'Note',
    attributedTo: actor.id,
    content: '<p>Well said.</p>',
    published: new Date().toISOString(),
    to: [PUBLIC],
    cc: [`${actor.id}/followers`],
    ...members,
  };
}
