/**
 * Starts a blog for a plugin's own tests, as `outpost/plugin/testing`: a real server on a free port, with a
 * database and a data folder of its own that are removed at the end.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type App, createApp } from '../app.ts';
import { createClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import type { Post, PostInput } from '../posts/post.ts';
import { publishPost } from '../posts/publish-post.ts';
import { createPost } from '../posts/write-post.ts';
import { setUpSite } from '../setup/set-up-site.ts';
import type { User } from '../users/user.ts';
import { freePort } from './free-port.ts';

/** What a test blog is made from. */
export type TestBlogOptions = {
  /** Folders of plugins to be copied in and switched on. */
  pluginFolders?: readonly string[];
  /** Ids of plugins that are on; those on by default where absent. */
  plugins?: readonly string[];
  /** Further environment variables, such as OUTPOST_ALLOW_PRIVATE_NETWORK. */
  env?: Readonly<Record<string, string>>;
  /** Leaves the blog as it is before its set-up. */
  withoutSetup?: boolean;
  /** A data folder that is kept at the end, for tests that start again on the same data. */
  dataFolder?: string;
};

/** A blog that runs. */
export type TestBlog = {
  app: App;
  /** The origin, without a slash at its end. */
  url: string;
  dataFolder: string;
  /** The owner: username `alice`, password `correct horse battery`. */
  owner: User | null;
  /** Writes a post as the owner and publishes it. */
  publish(post: PostInput): Promise<Post>;
  /** Resolves when nothing is left to do at this moment. */
  idle(): Promise<void>;
  /** Moves the blog's clock ahead. */
  advance(seconds: number): void;
  close(): Promise<void>;
};

/** The owner's sign-in on every test blog. */
export const ownerLogin = {
  username: 'alice',
  email: 'alice@blog.example',
  password: 'correct horse battery',
};

/** Starts a blog; close it at the end. */
export async function startTestBlog(options: TestBlogOptions = {}): Promise<TestBlog> {
  const port = await freePort();
  const dataFolder = options.dataFolder ?? mkdtempSync(path.join(tmpdir(), 'outpost-test-'));
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: String(port),
    HOST: '127.0.0.1',
    OUTPOST_DATA: dataFolder,
    LOG_LEVEL: 'silent',
    OUTPOST_ALLOW_PRIVATE_NETWORK: '1',
    ...options.env,
  });
  for (const folder of options.pluginFolders ?? []) {
    const target = path.join(dataFolder, 'plugins', path.basename(folder));
    mkdirSync(path.dirname(target), { recursive: true });
    cpSync(folder, target, { recursive: true });
  }
  let ahead = config.clockOffsetSeconds;
  const clock = { now: () => createClock(ahead).now(), iso: () => createClock(ahead).iso() };
  const app = await createApp(config, { clock, log: createLog(config.logLevel) });
  await app.listen();
  const owner = options.withoutSetup ? null : await ensureOwner(app);
  if (options.plugins) {
    for (const { id, status } of await app.plugins.list()) {
      if (status === 'enabled' && !options.plugins.includes(id)) await app.plugins.disable(id);
    }
    for (const id of options.plugins) if (!app.plugins.find(id)) await app.plugins.enable(id);
  }
  for (const folder of options.pluginFolders ?? []) await app.plugins.enable(path.basename(folder));
  await app.idle();
  return {
    app,
    url: config.origin,
    dataFolder,
    owner,
    async publish(post) {
      const author = await ensureOwner(app);
      const draft = await createPost(app.deps, { authorId: author.id, ...post });
      return publishPost(app.deps, draft.id);
    },
    idle: () => app.idle(),
    advance: (seconds) => {
      ahead += seconds;
      app.deps.jobs.wake();
    },
    async close() {
      await app.close();
      if (options.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

async function ensureOwner(app: App): Promise<User> {
  const { findUserByUsername } = await import('../users/user-store.ts');
  const known = await findUserByUsername(app.deps.db, ownerLogin.username);
  if (known) return known;
  const { user } = await setUpSite(app.deps, { title: 'A test blog', name: 'Alice Writer', ...ownerLogin });
  return user;
}
