import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readObject } from '../../../../plugins/federation/vocabulary/object.ts';
import { moderateComments, replyToComment } from '../../../../src/comments/moderate-comments.ts';
import { receiveComment } from '../../../../src/comments/receive-comment.ts';
import { commentAsUser, submitComment } from '../../../../src/comments/submit-comment.ts';
import { deletePost, publishPost, trashPost, unpublishPost } from '../../../../src/posts/publish-post.ts';
import { createPost, updatePost } from '../../../../src/posts/write-post.ts';
import { addReaction } from '../../../../src/reactions/react.ts';
import { createUser } from '../../../../src/users/accounts.ts';
import { type FederatedBlog, startFederatedBlog } from '../support.ts';

describe.each(['sqlite', 'postgres'] as const)('on %s', (dialect) => {
  let blog: FederatedBlog;

  beforeAll(async () => {
    blog = await startFederatedBlog({ untilTestEnds: false, dialect });
  });
  afterAll(() => blog.close());

  const objectOf = (post: { id: string; publication: number }) =>
    `${blog.url}/ap/posts/${post.id}${post.publication > 1 ? `-${post.publication}` : ''}`;

  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

  async function replyFromAfar(postId: string, name: string) {
    const receipt = await receiveComment(blog.deps, {
      postId,
      source: 'fediverse',
      author: { name, url: `https://far.example/@${name}`, handle: `@${name}@far.example`, avatarUrl: null },
      html: '<p>Well said.</p>',
      externalId: `https://far.example/notes/${name}`,
      externalAuthorId: `https://far.example/users/${name}`,
    });
    if (!('comment' in receipt) || !receipt.comment) throw new Error('The comment was not taken.');
    return receipt.comment;
  }

  describe('a post’s object', () => {
    test('is the post, for servers', async () => {
      const post = await blog.publish({ title: 'Bread', bodyMarkdown: 'Some **bread**.', tags: ['baking'] });
      const answer = await blog.ask(objectOf(post));
      expect(answer.headers.get('content-type')).toMatch(/^application\/activity\+json/);
      expect(answer.headers.get('vary')).toContain('Accept');
      expect(answer.headers.get('etag')).toBeTruthy();
      const document = await answer.json();
      expect(document).toMatchObject({
        id: objectOf(post),
        type: 'Article',
        name: 'Bread',
        url: `${blog.url}/bread`,
        source: { content: 'Some **bread**.' },
        tag: [{ type: 'Hashtag', name: '#baking', href: `${blog.url}/tag/baking` }],
      });
      expect(readObject(document)).toMatchObject({
        kind: 'object',
        object: { id: objectOf(post), type: 'Article' },
      });
    });

    test('sends people on to the page', async () => {
      const post = await blog.publish({ title: 'For people', bodyMarkdown: 'Text.' });
      const answer = await blog.ask(objectOf(post), browser);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `${blog.url}/for-people`]);
    });

    test('is served at the page’s address to servers, where nobody may keep it, and is what the page links to', async () => {
      const post = await blog.publish({ title: 'Negotiated', bodyMarkdown: 'Text.' });
      const json = await blog.ask('/negotiated');
      expect(json.headers.get('cache-control')).toBe('no-store');
      expect(json.headers.get('vary')).toContain('Accept');
      expect((await json.json()).id).toBe(objectOf(post));

      const page = await blog.ask('/negotiated', browser);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
      expect(page.headers.get('vary')).toContain('Accept');
      expect(page.headers.get('link')).toContain(
        `<${objectOf(post)}>; rel="alternate"; type="application/activity+json"`,
      );
      const html = await page.text();
      expect(html).toContain(
        `<link rel="alternate" type="application/activity+json" href="${objectOf(post)}">`,
      );
      expect(html).toContain(`<meta name="fediverse:creator" content="@alice@${blog.host}">`);
    });

    test.each(['text/html;q=0.9, application/json;q=0.1', '*/*', 'application/xhtml+xml'])(
      'the page is HTML for %s',
      async (accept) => {
        await blog.publish({ title: 'Plain', slug: `plain-${accept.length}`, bodyMarkdown: 'Text.' });
        const answer = await blog.ask(`/plain-${accept.length}`, { accept });
        expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      },
    );

    test('changes with the post at once, and its id never does', async () => {
      const post = await blog.publish({ title: 'Before', bodyMarkdown: 'Text.' });
      await blog.document(objectOf(post));
      await updatePost(blog.deps, post.id, { title: 'After', slug: 'somewhere-else' });
      expect(await blog.document(objectOf(post))).toMatchObject({
        id: objectOf(post),
        name: 'After',
        url: `${blog.url}/somewhere-else`,
      });
    });

    test('is not there for drafts, scheduled posts and pages, in the same words as for nothing', async () => {
      const draft = await createPost(blog.deps, {
        authorId: blog.owner.id,
        title: 'Draft',
        bodyMarkdown: 'Secret.',
      });
      const page = await createPost(blog.deps, {
        authorId: blog.owner.id,
        type: 'page',
        title: 'About',
        bodyMarkdown: 'Us.',
      });
      await publishPost(blog.deps, page.id);
      const ids = [draft.id, page.id, '01a2094e-0000-7000-8000-000000000000', 'nonsense'];
      const answers = await Promise.all(ids.map((id) => blog.ask(`/ap/posts/${id}`)));
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
      expect(new Set(await Promise.all(answers.map((answer) => answer.text())))).toHaveLength(1);
    });

    test('is gone for good once the post was taken back, and published again it is another', async () => {
      const first = await blog.publish({ title: 'Twice', bodyMarkdown: 'Text.' });
      await unpublishPost(blog.deps, first.id);
      const gone = await blog.ask(objectOf(first));
      expect(gone.status).toBe(410);
      expect(await gone.json()).toMatchObject({
        id: objectOf(first),
        type: 'Tombstone',
        formerType: 'Article',
      });
      expect((await blog.ask(objectOf(first), browser)).status).toBe(410);

      const second = await publishPost(blog.deps, first.id);
      expect(objectOf(second)).toBe(`${objectOf(first)}-2`);
      expect(await blog.document(objectOf(second))).toMatchObject({ id: objectOf(second) });
      expect((await blog.ask(objectOf(first))).status).toBe(410);
      expect((await blog.ask(`${objectOf(first)}-3`)).status).toBe(404);
    });

    test('stays gone when the post was removed', async () => {
      const post = await blog.publish({ title: 'Removed', bodyMarkdown: 'Text.' });
      await blog.idle();
      await trashPost(blog.deps, post.id);
      await blog.idle();
      await deletePost(blog.deps, post.id);
      await blog.idle();
      expect((await blog.ask(objectOf(post))).status).toBe(410);
      expect((await blog.ask(`${objectOf(post)}/replies`)).status).toBe(404);
    });
  });

  describe('what belongs to a post', () => {
    test('public answers are listed by their ids; those that wait are not even counted', async () => {
      const post = await blog.publish({ title: 'Discussed', bodyMarkdown: 'Text.' });
      const shown = await replyFromAfar(post.id, 'bob');
      await replyFromAfar(post.id, 'eve');
      await moderateComments(blog.deps, [shown.id], 'approve');
      const own = await replyToComment(blog.deps, {
        commentId: shown.id,
        userId: blog.owner.id,
        markdown: 'Thanks.',
      });

      const ownId = `${blog.url}/ap/comments/${own.id}`;
      const shownId = 'https://far.example/notes/bob';
      const replies = await blog.document(`${objectOf(post)}/replies`);
      expect(replies).toMatchObject({
        type: 'Collection',
        totalItems: 1,
        first: `${objectOf(post)}/replies?page=1`,
      });
      const page = await blog.document(String(replies.first));
      expect(page).not.toHaveProperty('next');
      expect(page.items).toEqual([shownId]);
      expect(await blog.document(objectOf(post))).toMatchObject({ replies: { totalItems: 1 } });
      expect(await blog.document(`${ownId}/replies`)).toMatchObject({ type: 'Collection', totalItems: 0 });

      const discussion = await blog.document(`${objectOf(post)}/context`);
      const attributedTo = `${blog.url}/ap/users/${blog.owner.id}`;
      expect(discussion).toMatchObject({ type: 'OrderedCollection', totalItems: 3, attributedTo });
      expect(await blog.document(String(discussion.first))).toMatchObject({
        orderedItems: [objectOf(post), shownId, ownId],
      });
      expect(await blog.document(ownId)).toMatchObject({
        context: discussion.id,
        replies: { id: `${ownId}/replies`, totalItems: 0 },
        likes: { id: `${ownId}/likes`, totalItems: 0 },
        shares: { id: `${ownId}/shares`, totalItems: 0 },
      });
    });

    test('answers to a comment by an author are its own, and readers’ comments are nobody’s to list', async () => {
      const post = await blog.publish({ title: 'Answered twice', bodyMarkdown: 'Text.' });
      const own = await commentAsUser(blog.deps, {
        postId: post.id,
        userId: blog.owner.id,
        markdown: 'What do you think?',
      });
      const form = { name: 'Bo', email: '', url: '', text: 'From the form.', honeypot: '', formAgeMs: 9000 };
      const fromForm = await submitComment(blog.deps, { ...form, postId: post.id, parentId: own.id });
      const receipt = await blog.context.comments.receive({
        postId: post.id,
        parentId: own.id,
        author: { name: 'Zoe', url: null, handle: null, avatarUrl: null },
        html: '<p>Much.</p>',
        externalId: 'https://far.example/notes/zoe',
        externalAuthorId: 'https://far.example/users/zoe',
      });
      if (receipt.kind !== 'stored') throw new Error('The comment was not stored.');
      await moderateComments(blog.deps, [fromForm.id, receipt.comment.id], 'approve');

      const ownId = `${blog.url}/ap/comments/${own.id}`;
      const page = await blog.document(`${ownId}/replies?page=1`);
      expect(page).toMatchObject({ totalItems: 1, items: ['https://far.example/notes/zoe'] });
      expect(await blog.document(`${objectOf(post)}/context`)).toMatchObject({ totalItems: 3 });
      expect((await blog.ask(`${blog.url}/ap/comments/${fromForm.id}/replies`)).status).toBe(404);
    });

    test('likes and boosts are counted', async () => {
      const post = await blog.publish({ title: 'Liked', bodyMarkdown: 'Text.' });
      const fan = {
        postId: post.id,
        source: 'fediverse',
        name: 'Bob',
        handle: null,
        url: null,
        avatarUrl: null,
        externalId: null,
        emoji: null,
      };
      await addReaction(blog.deps, { ...fan, kind: 'like', actorId: 'https://far.example/bob' });
      await addReaction(blog.deps, { ...fan, kind: 'like', actorId: 'https://far.example/eve' });
      await addReaction(blog.deps, { ...fan, kind: 'boost', actorId: 'https://far.example/bob' });
      expect(await blog.document(`${objectOf(post)}/likes`)).toMatchObject({
        type: 'Collection',
        totalItems: 2,
      });
      expect(await blog.document(`${objectOf(post)}/shares`)).toMatchObject({
        type: 'Collection',
        totalItems: 1,
      });
    });
  });

  describe('a comment’s object', () => {
    test('is a Note of its author that answers and mentions', async () => {
      const post = await blog.publish({ title: 'Answered', bodyMarkdown: 'Text.' });
      const comment = await commentAsUser(blog.deps, {
        postId: post.id,
        userId: blog.owner.id,
        markdown: 'I *forgot*.',
      });
      const id = `${blog.url}/ap/comments/${comment.id}`;
      expect(await blog.document(id)).toMatchObject({
        id,
        type: 'Note',
        attributedTo: `${blog.url}/ap/users/${blog.owner.id}`,
        inReplyTo: objectOf(post),
        content: '<p>I <em>forgot</em>.</p>',
        contentMap: { en: '<p>I <em>forgot</em>.</p>' },
        context: `${objectOf(post)}/context`,
        to: ['https://www.w3.org/ns/activitystreams#Public'],
        tag: [],
      });
      const answer = await blog.ask(id, browser);
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        `${blog.url}/answered#comment-${comment.id}`,
      ]);
    });

    test('is not there while it waits, and for what readers and others wrote', async () => {
      const post = await blog.publish({ title: 'Waiting', bodyMarkdown: 'Text.' });
      const account = { username: 'contributor', email: 'c@blog.example', password: 'correct horse battery' };
      const guest = await createUser(blog.deps, { ...account, role: 'contributor' });
      const held = await commentAsUser(blog.deps, { postId: post.id, userId: guest.id, markdown: 'Hm.' });
      const foreign = await replyFromAfar(post.id, 'mallory');
      await moderateComments(blog.deps, [foreign.id], 'approve');
      for (const { id } of [held, foreign]) expect((await blog.ask(`/ap/comments/${id}`)).status).toBe(404);
    });

    test('is gone once it was taken back', async () => {
      const post = await blog.publish({ title: 'Regretted', bodyMarkdown: 'Text.' });
      const comment = await commentAsUser(blog.deps, {
        postId: post.id,
        userId: blog.owner.id,
        markdown: 'Oops.',
      });
      await blog.idle();
      await moderateComments(blog.deps, [comment.id], 'trash');
      await blog.idle();
      const answer = await blog.ask(`/ap/comments/${comment.id}`);
      expect(answer.status).toBe(410);
      expect(await answer.json()).toMatchObject({ type: 'Tombstone', formerType: 'Note' });
    });
  });

  describe('an activity', () => {
    const activityOf = async (objectId: string) =>
      blog.context.database
        .as<{ plugin_federation_activities: { id: string; object_id: string; type: string } }>()
        .selectFrom('plugin_federation_activities')
        .selectAll()
        .where('object_id', '=', objectId)
        .executeTakeFirstOrThrow();

    test('that told of a post can be fetched until the post is gone', async () => {
      const post = await blog.publish({ title: 'Told', bodyMarkdown: 'Text.' });
      await blog.idle();
      const { id } = await activityOf(objectOf(post));
      expect(await blog.document(id)).toMatchObject({ id, type: 'Create', object: { id: objectOf(post) } });
      await unpublishPost(blog.deps, post.id);
      await blog.idle();
      expect((await blog.ask(id)).status).toBe(410);
    });

    test('between two servers is for nobody else', async () => {
      const id = `${blog.url}/ap/activities/accept-1`;
      await blog.context.database
        .as<{ plugin_federation_activities: Record<string, unknown> }>()
        .insertInto('plugin_federation_activities')
        .values({
          id,
          type: 'Accept',
          object_id: 'https://far.example/follows/1',
          user_id: blog.owner.id,
          post_id: null,
          body: JSON.stringify({ id, type: 'Accept', to: ['https://far.example/bob'] }),
          created_at: new Date().toISOString(),
        })
        .execute();
      expect((await blog.ask(id)).status).toBe(404);
    });
  });
});
