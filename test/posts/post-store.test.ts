import { expect, test } from 'vitest';
import type { PostInput, PostType } from '../../src/posts/post.ts';
import {
  countPosts,
  countPostsByStatus,
  findNeighbours,
  findPost,
  findPostByOldSlug,
  findPostBySlug,
  listPosts,
} from '../../src/posts/post-store.ts';
import { publishPost, trashPost } from '../../src/posts/publish-post.ts';
import { findTerm, listTerms } from '../../src/posts/term-store.ts';
import { createPost, updatePost } from '../../src/posts/write-post.ts';
import { forEachDatabase, type OpenCore } from '../support/databases.ts';
import { addUser } from '../support/people.ts';

async function openBlog(openCore: OpenCore) {
  const deps = await openCore();
  const author = await addUser(deps, 'marit');
  const write = (input: PostInput & { type?: PostType } = {}) =>
    createPost(deps, { authorId: author.id, ...input });
  const publish = async (input: PostInput & { type?: PostType } = {}) => {
    deps.clock.advance(1000);
    return publishPost(deps, (await write({ title: 'Untitled', ...input })).id);
  };
  return { deps, author, write, publish };
}

const titles = (posts: readonly { title: string }[]) => posts.map((post) => post.title);

forEachDatabase((openCore) => {
  test('a post comes back as it was written', async () => {
    const { deps, author, write } = await openBlog(openCore);
    const input = {
      title: 'Über die Brücke 🌉',
      bodyMarkdown: 'It\'s *here*; \\ and "there".',
      excerpt: 'A summary',
      language: 'de',
      commentsOpen: false,
      tags: ['Bridges', 'Öl & Wasser'],
      categories: ['Walks'],
    };
    const post = await write(input);
    const found = await findPost(deps.db, post.id);

    expect(found).toEqual(post);
    expect(found).toMatchObject({
      ...input,
      tags: [{ name: 'Bridges' }, { name: 'Öl & Wasser' }],
      categories: [{ name: 'Walks' }],
      authorId: author.id,
    });
    expect(await findPostBySlug(deps.db, post.slug)).toEqual(post);
    expect(await findPost(deps.db, 'nothing')).toBeNull();
  });

  test('the newest come first, page after page, and none twice', async () => {
    const { deps, write, publish } = await openBlog(openCore);
    for (const title of ['a', 'b', 'c', 'd', 'e']) await publish({ title });
    await write({ title: 'draft' });
    const query = { type: 'post', status: 'published', limit: 2 } as const;
    const first = await listPosts(deps.db, query);
    const second = await listPosts(deps.db, { ...query, after: first[1]?.id ?? '' });
    const third = await listPosts(deps.db, { ...query, offset: 4 });

    expect([titles(first), titles(second), titles(third)]).toEqual([['e', 'd'], ['c', 'b'], ['a']]);
    expect(await countPosts(deps.db, query)).toBe(5);
  });

  test('what was never published stands at the end of a list by publication, and can be paged through', async () => {
    const { deps, write, publish } = await openBlog(openCore);
    await write({ title: 'draft 1' });
    await publish({ title: 'public 1' });
    await write({ title: 'draft 2' });
    await publish({ title: 'public 2' });
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const [post] = await listPosts(deps.db, { limit: 1, ...(after !== undefined && { after }) });
      if (!post) break;
      seen.push(post.title);
      after = post.id;
    }
    expect(seen).toEqual(['public 2', 'public 1', 'draft 2', 'draft 1']);
  });

  test('posts are found by state, author, tag, category and words', async () => {
    const { deps, write, publish } = await openBlog(openCore);
    const other = await addUser(deps, 'otto');
    await publish({
      title: 'Äpfel im Herbst',
      bodyMarkdown: 'Rot und süß',
      tags: ['Obst'],
      categories: ['Garten'],
    });
    await publish({ title: '100% wool_sock', bodyMarkdown: 'Knit', tags: ['Wool'] });
    await write({ title: 'A draft' });
    await createPost(deps, { authorId: other.id, title: 'By Otto', type: 'page' });
    const find = async (filter: object) =>
      titles(await listPosts(deps.db, { limit: 10, order: 'created', ...filter }));

    expect(await find({ status: ['draft', 'review'] })).toEqual(['By Otto', 'A draft']);
    expect(await find({ type: 'page' })).toEqual(['By Otto']);
    expect(await find({ authorId: other.id })).toEqual(['By Otto']);
    expect(await find({ tag: 'obst' })).toEqual(['Äpfel im Herbst']);
    expect(await find({ category: 'garten' })).toEqual(['Äpfel im Herbst']);
    expect(await find({ search: 'äpfel ROT' })).toEqual(['Äpfel im Herbst']);
    expect(await find({ search: '%' })).toEqual(['100% wool_sock']);
    expect(await find({ search: 'l_s' })).toEqual(['100% wool_sock']);
    expect(await find({ search: "o'brien" })).toEqual([]);
  });

  test('the counts of each state', async () => {
    const { deps, author, write, publish } = await openBlog(openCore);
    await publish();
    await trashPost(deps, (await publish()).id);
    await write();

    expect(await countPostsByStatus(deps.db, { type: 'post', authorId: author.id })).toEqual({
      draft: 1,
      review: 0,
      scheduled: 0,
      published: 1,
      private: 0,
      trash: 1,
    });
  });

  test('each post knows the one before and the one after', async () => {
    const { deps, publish } = await openBlog(openCore);
    const [a, b, c] = [
      await publish({ title: 'a' }),
      await publish({ title: 'b' }),
      await publish({ title: 'c' }),
    ];
    const around = await findNeighbours(deps.db, b);

    expect([around.previous?.id, around.next?.id]).toEqual([a.id, c.id]);
    expect((await findNeighbours(deps.db, a)).previous).toBeNull();
    expect((await findNeighbours(deps.db, c)).next).toBeNull();
  });

  test('an address that a public post had leads to it, until another post takes it', async () => {
    const { deps, publish } = await openBlog(openCore);
    const post = await publish({ title: 'First name' });
    await updatePost(deps, post.id, { slug: 'second-name' });

    expect((await findPostByOldSlug(deps.db, 'first-name'))?.id).toBe(post.id);
    expect((await publish({ title: 'First name' })).slug).toBe('first-name-2');
    await updatePost(deps, post.id, { slug: 'first-name' });
    expect(await findPostByOldSlug(deps.db, 'first-name')).toBeNull();
    expect((await findPostByOldSlug(deps.db, 'second-name'))?.id).toBe(post.id);
  });

  test('tags keep their order, are shared between posts and counted where public', async () => {
    const { deps, write, publish } = await openBlog(openCore);
    await publish({ tags: ['Zebra'], type: 'page' });
    await publish({ tags: ['#Zebra', ' Apple  pie ', 'zebra'] });
    await write({ tags: ['Zebra', 'Only a draft'] });
    const terms = await listTerms(deps.db, 'tag');

    expect((await listPosts(deps.db, { status: 'published', limit: 1 }))[0]?.tags).toEqual([
      { name: 'Zebra', slug: 'zebra' },
      { name: 'Apple pie', slug: 'apple-pie' },
    ]);
    expect(terms).toEqual([
      { name: 'Apple pie', slug: 'apple-pie', count: 1 },
      { name: 'Only a draft', slug: 'only-a-draft', count: 0 },
      { name: 'Zebra', slug: 'zebra', count: 1 },
    ]);
    expect(await listTerms(deps.db, 'tag', { prefix: 'ze' })).toHaveLength(1);
    expect(await findTerm(deps.db, 'category', 'zebra')).toBeNull();
  });
});
