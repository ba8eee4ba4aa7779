import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import type { Clock } from '../../src/clock.ts';
import { receiveComment } from '../../src/comments/receive-comment.ts';
import { readConfig } from '../../src/config.ts';
import { sessionCookieName } from '../../src/http/visitor.ts';
import type { Post, PostInput, PostType } from '../../src/posts/post.ts';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { createUser } from '../../src/users/accounts.ts';
import { insertSession } from '../../src/users/session-store.ts';
import type { Role, User } from '../../src/users/user.ts';

/** A clock that stands where the test puts it. */
export type StoppedClock = Clock & { advance(ms: number): void };

/** A whole blog without plugins that listens, for tests of its pages. */
export type OpenSite = {
  app: App;
  deps: App['deps'];
  clock: StoppedClock;
  /** `http://localhost:PORT`, which is also the configured origin. */
  origin: string;
  owner: User;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** The body as text; fails the test where the page is none. */
  page(path: string, headers?: Record<string, string>): Promise<string>;
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  write(input: PostInput & { type?: PostType; authorId?: string }): Promise<Post>;
  publish(input: PostInput & { type?: PostType; authorId?: string }): Promise<Post>;
  addUser(username: string, role: Role): Promise<User>;
  /** Header fields of somebody who is signed in. */
  signIn(user: User): Promise<{ cookie: string }>;
  /** A comment from elsewhere, in the state in which it arrives. */
  receive(
    postId: string,
    comment: { html: string; name?: string; parentId?: string | null; handle?: string | null },
  ): Promise<string>;
};

function stoppedClock(): StoppedClock {
  let at = Date.parse('2026-11-20T12:00:00.000Z');
  const now = () => new Date(at);
  return {
    now,
    iso: () => now().toISOString(),
    advance: (ms) => {
      at += ms;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

/** Opens a blog that is set up and has one author, `marit`. It is closed and removed when the test ends, or by `close`. */
export async function openSite({
  untilTestEnds = true,
} = {}): Promise<OpenSite & { close(): Promise<void> }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-web-'));
  const port = await freePort();
  const clock = stoppedClock();
  const config = readConfig({
    PORT: String(port),
    HOST: '127.0.0.1',
    OUTPOST_DATA: folder,
    OUTPOST_URL: `http://localhost:${port}`,
    LOG_LEVEL: 'silent',
  });
  const app = await createApp(config, { clock });
  const { deps } = app;
  const owner = await createUser(deps, {
    username: 'marit',
    name: 'Marit Oosterhuis',
    email: 'marit@mail.example',
    password: 'long enough',
    role: 'admin',
  });
  await app.listen();
  for (const plugin of app.plugins.active()) await app.plugins.disable(plugin.definition.id);

  const close = async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  };
  if (untilTestEnds) onTestFinished(close);
  const at = (address: string) => `http://localhost:${port}${address}`;
  const get = (address: string, headers = {}) =>
    fetch(at(address), { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });
  const write: OpenSite['write'] = ({ authorId = owner.id, ...input }) =>
    createPost(deps, { ...input, authorId });
  let received = 0;

  return {
    app,
    deps,
    clock,
    origin: config.origin,
    owner,
    get,
    close,
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
      clock.advance(1000);
      return publishPost(deps, (await write(input)).id);
    },
    addUser: (username, role) =>
      createUser(deps, { username, email: `${username}@mail.example`, password: 'long enough', role }),
    async signIn(user) {
      const { token } = await insertSession(deps.db, {
        userId: user.id,
        userAgent: 'test',
        now: clock.now(),
      });
      return { cookie: `${sessionCookieName(config.origin)}=${token}` };
    },
    async receive(postId, { html, name = 'Anna', parentId = null, handle = '@anna@social.example' }) {
      received += 1;
      clock.advance(1000);
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
