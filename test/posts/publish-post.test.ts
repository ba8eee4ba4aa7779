import { expect, test } from 'vitest';
import { findAutosave, putAutosave } from '../../src/posts/autosave-store.ts';
import { findPost } from '../../src/posts/post-store.ts';
import {
  deletePost,
  publishPost,
  publishScheduled,
  restorePost,
  schedulePost,
  trashPost,
  unpublishPost,
} from '../../src/posts/publish-post.ts';
import { createPost, updatePost } from '../../src/posts/write-post.ts';
import { forEachDatabase, type OpenCore } from '../support/databases.ts';
import { eventsOf } from '../support/events.ts';
import { addUser } from '../support/people.ts';

async function openPost(openCore: OpenCore) {
  const deps = await openCore();
  const author = await addUser(deps, 'marit');
  const post = await createPost(deps, { authorId: author.id, title: 'Hello world', bodyMarkdown: 'Text' });
  const events = async () => (await eventsOf(deps)).filter((name) => name.startsWith('post.'));
  return { deps, author, post, events };
}

forEachDatabase((openCore) => {
  test('a post is published once, however many ask at the same moment', async () => {
    const { deps, post, events } = await openPost(openCore);
    await Promise.all([1, 2, 3, 4].map(() => publishPost(deps, post.id)));

    expect(await findPost(deps.db, post.id)).toMatchObject({
      status: 'published',
      publication: 1,
      publishedAt: deps.clock.iso(),
      version: 2,
    });
    expect(await events()).toEqual(['post.published']);
  });

  test('publishing again after it was taken back is another publication', async () => {
    const { deps, post, events } = await openPost(openCore);
    await publishPost(deps, post.id);
    await unpublishPost(deps, post.id);
    const again = await publishPost(deps, post.id);

    expect(again.publication).toBe(2);
    expect(await events()).toEqual(['post.published', 'post.unpublished', 'post.published']);
  });

  test('what has neither title nor text is not published', async () => {
    const { deps, author } = await openPost(openCore);
    const empty = await createPost(deps, { authorId: author.id, bodyMarkdown: '  \n' });
    await expect(publishPost(deps, empty.id)).rejects.toMatchObject({ code: 'post.empty' });
  });

  test('a scheduled post is published at its moment, with the planned date', async () => {
    const { deps, post, events } = await openPost(openCore);
    const at = new Date(deps.clock.now().getTime() + 60_000);
    await schedulePost(deps, post.id, at);
    deps.clock.advance(59_000);
    expect((await publishScheduled(deps, post.id)).status).toBe('scheduled');
    deps.clock.advance(3_600_000);

    expect(await publishScheduled(deps, post.id)).toMatchObject({
      status: 'published',
      publishedAt: at.toISOString(),
    });
    expect(await events()).toEqual(['post.published']);
  });

  test('a moment that is over, or too far away to be sorted, is refused', async () => {
    const { deps, post } = await openPost(openCore);
    await expect(schedulePost(deps, post.id, deps.clock.now())).rejects.toMatchObject({
      code: 'post.schedule_past',
    });
    const far = new Date('+010000-01-01T00:00:00.000Z');
    await expect(schedulePost(deps, post.id, far)).rejects.toMatchObject({ code: 'post.schedule_far' });
    expect((await findPost(deps.db, post.id))?.status).toBe('draft');
  });

  test('a plan that was given up is not carried out', async () => {
    const { deps, post } = await openPost(openCore);
    await schedulePost(deps, post.id, new Date(deps.clock.now().getTime() + 1000));
    await unpublishPost(deps, post.id);
    deps.clock.advance(2000);

    expect((await publishScheduled(deps, post.id)).status).toBe('draft');
  });

  test('the trash takes a post from the public and gives it back as a draft', async () => {
    const { deps, post, events } = await openPost(openCore);
    await publishPost(deps, post.id);
    expect((await trashPost(deps, post.id)).status).toBe('trash');
    await expect(publishPost(deps, post.id)).rejects.toMatchObject({ code: 'post.in_trash' });

    expect((await restorePost(deps, post.id)).status).toBe('draft');
    expect(await events()).toEqual(['post.published', 'post.unpublished']);
  });

  test('only what is in the trash can be deleted, and then all of it is gone', async () => {
    const { deps, author, post, events } = await openPost(openCore);
    await putAutosave(deps.db, {
      postId: post.id,
      userId: author.id,
      content: {},
      baseVersion: 1,
      savedAt: deps.clock.iso(),
    });
    await expect(deletePost(deps, post.id)).rejects.toMatchObject({ code: 'post.not_in_trash' });
    await trashPost(deps, post.id);
    await deletePost(deps, post.id);

    expect(await findPost(deps.db, post.id)).toBeNull();
    expect(await findAutosave(deps.db, post.id, author.id)).toBeNull();
    expect(await events()).toEqual(['post.deleted']);
  });

  test('a change of a draft tells nobody, one of a public post does', async () => {
    const { deps, post, events } = await openPost(openCore);
    await updatePost(deps, post.id, { title: 'Better' });
    await publishPost(deps, post.id);
    await updatePost(deps, post.id, { title: 'Best', quiet: true });

    expect(await events()).toEqual(['post.published', 'post.updated']);
  });

  test('the address of a draft follows its title, that of a public post stays', async () => {
    const { deps, post } = await openPost(openCore);
    expect((await updatePost(deps, post.id, { title: 'A better name' })).slug).toBe('a-better-name');
    await publishPost(deps, post.id);
    expect((await updatePost(deps, post.id, { title: 'The best name' })).slug).toBe('a-better-name');
  });

  test('of two who save the same version the second is told', async () => {
    const { deps, post } = await openPost(openCore);
    const save = (title: string) => updatePost(deps, post.id, { title, expectedVersion: post.version });
    const results = await Promise.allSettled([save('one'), save('two')]);

    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({
      code: 'post.changed_meanwhile',
    });
  });

  test('what was typed and not saved is kept for each writer, until that writer saves it', async () => {
    const { deps, author, post } = await openPost(openCore);
    const other = await addUser(deps, 'otto');
    const typed = { postId: post.id, content: { title: 'Typed', tags: ['a'] }, baseVersion: 1 };
    await putAutosave(deps.db, { ...typed, userId: author.id, savedAt: '2026-11-20T12:00:00.000Z' });
    await putAutosave(deps.db, { ...typed, userId: author.id, savedAt: '2026-11-20T12:00:05.000Z' });
    await putAutosave(deps.db, { ...typed, userId: other.id, savedAt: '2026-11-20T12:00:00.000Z' });

    expect(await findAutosave(deps.db, post.id, author.id)).toEqual({
      ...typed,
      userId: author.id,
      savedAt: '2026-11-20T12:00:05.000Z',
    });
    await updatePost(deps, post.id, { title: 'Saved', writerId: author.id });
    expect(await findAutosave(deps.db, post.id, author.id)).toBeNull();
    expect(await findAutosave(deps.db, post.id, other.id)).not.toBeNull();
  });

  test.each([
    ['title', { title: 'x'.repeat(301) }],
    ['bodyMarkdown', { bodyMarkdown: 'x'.repeat(2_000_000) }],
    ['language', { language: 'not a language' }],
  ])('a %s that cannot be used is refused by name', async (field, input) => {
    const { deps, post } = await openPost(openCore);
    await expect(updatePost(deps, post.id, input)).rejects.toMatchObject({
      fields: { [field]: expect.any(String) },
    });
  });
});
