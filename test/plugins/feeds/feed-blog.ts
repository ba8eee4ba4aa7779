import RssParser from 'rss-parser';
import { startTestBlog, type TestBlogOptions } from '../../../src/plugin-host/testing.ts';
import { isPublic, type Post, type PostInput } from '../../../src/posts/post.ts';
import { publishPost } from '../../../src/posts/publish-post.ts';
import { createPost } from '../../../src/posts/write-post.ts';

/** What the reader from npm finds in an item of RSS or Atom. */
type Item = {
  creator?: string;
  author?: string;
  title?: string;
  link?: string;
  guid?: string;
  id?: string;
  isoDate?: string;
  content?: string;
  contentEncoded?: string;
  summary?: string;
  categories?: unknown[];
  enclosure?: { url: string; length?: string; type?: string };
};

const parser = new RssParser<Record<string, unknown>, Item>({
  customFields: { item: [['content:encoded', 'contentEncoded']] },
});

/** A blog with feeds and nothing else, and short words for what these tests do with it. */
export async function startFeedBlog(options: TestBlogOptions = {}) {
  const blog = await startTestBlog({ plugins: ['feeds'], ...options });
  const { deps } = blog.app;
  const owner = blog.owner;
  if (!owner) throw new Error('The blog has no owner.');
  const get = (path: string, init: RequestInit = {}) =>
    fetch(blog.url + path, { redirect: 'manual', ...init });
  const text = async (path: string) => {
    const response = await get(path);
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
    return response.text();
  };
  return {
    ...blog,
    deps,
    owner,
    get,
    text,
    /** As the feed reader rss-parser understands it; it refuses what is not well-formed. */
    read: async (path: string) => parser.parseString(await text(path)),
    readJson: async (path: string) =>
      JSON.parse(await text(path)) as { items: Record<string, unknown>[] } & Record<string, unknown>,
    write: (input: PostInput & { authorId?: string }): Promise<Post> =>
      createPost(deps, { authorId: owner.id, ...input }),
    async publish(input: PostInput & { authorId?: string; type?: 'post' | 'page' }): Promise<Post> {
      const post = await publishPost(deps, (await createPost(deps, { authorId: owner.id, ...input })).id);
      if (!isPublic(post)) throw new Error('The post is not public.');
      return post;
    },
  };
}

export type FeedBlog = Awaited<ReturnType<typeof startFeedBlog>>;
