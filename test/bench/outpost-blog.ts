/** The real blog: what `npm start` runs, with a line to whoever measures. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApp } from '../../src/app.ts';
import { countComments } from '../../src/comments/comment-store.ts';
import { readConfig } from '../../src/config.ts';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { setUpSite } from '../../src/setup/set-up-site.ts';
import { enterFollowers } from '../support/follow.ts';
import { answerParent } from './child.ts';
import { sampleMarkdown } from './sample.ts';

const dataFolder = mkdtempSync(path.join(tmpdir(), 'outpost-bench-'));
process.on('exit', () => rmSync(dataFolder, { recursive: true, force: true }));
const config = readConfig({
  PORT: process.env.BENCH_PORT,
  HOST: '127.0.0.1',
  OUTPOST_DATA: dataFolder,
  LOG_LEVEL: process.env.BENCH_LOG ?? 'warn',
  OUTPOST_ALLOW_PRIVATE_NETWORK: '1',
});
const app = await createApp(config);
const { user: author } = await setUpSite(app.deps, {
  title: 'A blog to measure',
  username: 'alice',
  name: 'Alice Writer',
  email: 'alice@blog.example',
  password: 'correct horse battery',
});
await app.listen();
await app.idle();
let count = 0;

answerParent({
  ready: () => ({ origin: config.origin, authorId: author.id }),
  /** Enters followers with an inbox each. */
  follow: ({ inboxes }: { inboxes: string[] }) => enterFollowers(app.deps.db, author.id, inboxes),
  /** Publishes a post and tells when it was begun. */
  async publish() {
    count += 1;
    const draft = await createPost(app.deps, {
      authorId: author.id,
      title: `What letter ${count} said`,
      bodyMarkdown: sampleMarkdown,
    });
    const startedAt = Date.now();
    const post = await publishPost(app.deps, draft.id);
    return { startedAt, slug: post.slug, objectId: `${config.origin}/ap/posts/${post.id}` };
  },
  /** Takes whatever comes from anybody: what is measured comes from few. */
  async openWide() {
    await app.plugins
      .find('federation')
      ?.context.settings.set({ inboxPerHost: 10_000_000, inboxPerActor: 10_000_000 });
  },
  async idle() {
    await app.idle();
    return Date.now();
  },
  comments: () => countComments(app.deps.db, { status: 'pending' }),
  memory: () => process.memoryUsage().rss,
});
