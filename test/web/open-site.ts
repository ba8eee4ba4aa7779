import { onTestFinished } from 'vitest';
import type { App } from '../../src/app.ts';
import { receiveComment } from '../../src/comments/receive-comment.ts';
import { sessionCookieName } from '../../src/http/visitor.ts';
import { startTestBlog } from '../../src/plugin-host/testing.ts';
import type { Post, PostInput, PostType } from '../../src/posts/post.ts';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { createUser } from '../../src/users/accounts.ts';
import { insertSession } from '../../src/users/session-store.ts';
import type { Role, User } from '../../src/users/user.ts';

type WriteInput = PostInput & { type?: PostType; authorId?: string };

/** A whole blog without plugins that listens, for tests of its pages. */
export type OpenSite = {
  deps: App['deps'];
  /** `http://localhost:PORT`, which is also the configured origin. */
  origin: string;
  owner: User;
  /** Moves the blog's clock ahead, in seconds. */
  advance(seconds: number): void;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** The body as text; fails the test where the page is none. */
  page(path: string, headers?: Record<string, string>): Promise<string>;
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  write(input: WriteInput): Promise<Post>;
  publish(input: WriteInput): Promise<Post>;
  addUser(username: string, role: Role): Promise<User>;
  /** Header fields of somebody who is signed in. */
  signIn(user: User): Promise<{ cookie: string }>;
  /** A comment from elsewhere, in the state in which it arrives. */
  receive(
    postId: string,
    comment: { html: string; name?: string; parentId?: string | null; handle?: string | null },
  ): Promise<string>;
  close(): Promise<void>;
};

/** Opens a blog that is set up and has one author, `alice`. It is closed when the test ends, or else by `close`. */
export async function openSite({ untilTestEnds = true } = {}): Promise<OpenSite> {
  const blog = await startTestBlog({ plugins: [] });
  if (untilTestEnds) onTestFinished(() => blog.close());
  const { deps } = blog.app;
  const { owner, url: origin } = blog;
  if (!owner) throw new Error('The blog has no owner.');
  const at = (address: string) => `${origin}${address}`;
  const get = (address: string, headers = {}) =>
    fetch(at(address), { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });
  const write: OpenSite['write'] = ({ authorId = owner.id, ...input }) =>
    createPost(deps, { ...input, authorId });
  let received = 0;

  return {
    deps,
    advance: blog.advance,
    close: blog.close,
    origin,
    owner,
    get,
    write,
    async page(address, headers = {}) {
      const answer = await get(address, headers);
      if (answer.status !== 200) throw new Error(`${address} answered ${answer.status}`);
      return answer.text();
    },
    post: (address, fields, headers = {}) =>
      fetch(at(address), {
        method: 'POST',
        headers: { accept: 'text/html', ...headers },
        body: new URLSearchParams(fields),
        redirect: 'manual',
      }),
    async publish(input) {
      blog.advance(1);
      return publishPost(deps, (await write(input)).id);
    },
    addUser: (username, role) =>
      createUser(deps, { username, email: `${username}@mail.example`, password: 'long enough', role }),
    async signIn(user) {
      const { token } = await insertSession(deps.db, {
        userId: user.id,
        userAgent: 'test',
        now: deps.clock.now(),
      });
      return { cookie: `${sessionCookieName(origin)}=${token}` };
    },
    async receive(postId, { html, name = 'Anna', parentId = null, handle = '@anna@social.example' }) {
      received += 1;
      blog.advance(1);
      const externalId = `https://social.example/notes/${received}`;
      const author = { name, url: 'https://social.example/@anna', handle, avatarUrl: null };
      const comment = {
        postId,
        parentId,
        source: 'elsewhere',
        author,
        html,
        externalId,
        externalUrl: externalId,
        externalAuthorId: 'https://social.example/users/anna',
      };
      const receipt = await receiveComment(deps, comment);
      if (receipt.kind !== 'stored') throw new Error(`The comment was not taken: ${JSON.stringify(receipt)}`);
      return receipt.comment.id;
    },
  };
}
