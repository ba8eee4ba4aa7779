import { onTestFinished } from 'vitest';
import type { FederationContext } from '../../../plugins/federation/context.ts';
import type { App } from '../../../src/app.ts';
import type { Dialect } from '../../../src/db/open.ts';
import { startTestBlog, type TestBlog, type TestBlogOptions } from '../../../src/plugin-host/testing.ts';
import type { Post, PostInput } from '../../../src/posts/post.ts';
import { publishPost } from '../../../src/posts/publish-post.ts';
import { createPost } from '../../../src/posts/write-post.ts';
import type { User } from '../../../src/users/user.ts';
import { newPostgresUrl } from '../../support/databases.ts';

export const activityJson = 'application/activity+json';
export const ldJson = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"';

/** A blog that federates, as tests of federation need it. */
export type FederatedBlog = Omit<TestBlog, 'publish'> & {
  deps: App['deps'];
  owner: User;
  /** What the plugin's own functions are handed. */
  context: FederationContext;
  /** Host and port, as in handles. */
  host: string;
  /** Asks as another server does, following nothing. */
  ask(address: string, headers?: Record<string, string>): Promise<Response>;
  /** The document at an address; fails the test where there is none. */
  document(address: string): Promise<Record<string, unknown>>;
  publish(input: PostInput & { authorId?: string }): Promise<Post>;
};

/** Starts a blog with federation on. It is closed when the test ends, or by whoever says `untilTestEnds: false`. */
export async function startFederatedBlog({
  untilTestEnds = true,
  dialect = 'sqlite',
  ...options
}: TestBlogOptions & { untilTestEnds?: boolean; dialect?: Dialect } = {}): Promise<FederatedBlog> {
  const databaseUrl = dialect === 'postgres' ? await newPostgresUrl('core') : '';
  const env = { DATABASE_URL: databaseUrl, ...options.env };
  const blog = await startTestBlog({ plugins: ['federation'], ...options, env });
  if (untilTestEnds) onTestFinished(() => blog.close());
  const { owner, app } = blog;
  const plugin = app.plugins.find('federation');
  if (!owner || !plugin) throw new Error('The blog does not federate.');
  const { deps } = app;
  const ask: FederatedBlog['ask'] = (address, headers = {}) =>
    fetch(new URL(address, blog.url), { headers: { accept: activityJson, ...headers }, redirect: 'manual' });
  return {
    ...blog,
    deps,
    owner,
    // The host made this context for this plugin, with the permissions that its type names.
    context: plugin.context as unknown as FederationContext,
    host: new URL(blog.url).host,
    ask,
    async document(address) {
      const answer = await ask(address);
      if (answer.status !== 200) throw new Error(`${address} answered ${answer.status}.`);
      return (await answer.json()) as Record<string, unknown>;
    },
    async publish({ authorId = owner.id, ...input }) {
      const { id } = await createPost(deps, { ...input, authorId });
      return publishPost(deps, id);
    },
  };
}
