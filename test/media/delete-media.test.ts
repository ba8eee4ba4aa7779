import { expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { deleteMedia } from '../../src/media/add-media.ts';
import { insertMedium } from '../../src/media/media-store.ts';
import { findPost } from '../../src/posts/post-store.ts';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { updateProfile } from '../../src/users/accounts.ts';
import { findUser } from '../../src/users/user-store.ts';
import { forEachDatabase } from '../support/databases.ts';
import { eventsOf } from '../support/events.ts';
import { addUser } from '../support/people.ts';

forEachDatabase((openCore) => {
  test('a picture that is deleted is taken from posts and profiles, and that is told', async () => {
    const deps = await openCore();
    const author = await addUser(deps, 'marit');
    const id = newId();
    await insertMedium(deps.db, {
      ...{ id, file: 'a.png', mimeType: 'image/png', width: 1, height: 1, size: 1, alt: '', variants: [] },
      ...{ placeholder: null, durationSeconds: null, userId: author.id, createdAt: deps.clock.iso() },
    });
    await updateProfile(deps, author.id, { avatarId: id, headerId: id });
    const input = { authorId: author.id, title: 'Hello', imageId: id };
    const draft = await createPost(deps, input);
    const post = await publishPost(deps, (await createPost(deps, input)).id);
    const before = await eventsOf(deps);
    deps.clock.advance(1000);
    await deleteMedia(deps, id);

    expect((await eventsOf(deps)).slice(before.length)).toEqual(['post.updated', 'user.updated']);
    expect(await findPost(deps.db, post.id)).toMatchObject({
      imageId: null,
      version: post.version + 1,
      updatedAt: deps.clock.iso(),
    });
    expect((await findPost(deps.db, draft.id))?.imageId).toBeNull();
    expect(await findUser(deps.db, author.id)).toMatchObject({ avatarId: null, headerId: null });
  });
});
