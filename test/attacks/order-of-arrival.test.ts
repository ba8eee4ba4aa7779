import { beforeAll, describe, expect, test } from 'vitest';
import { listComments } from '../../src/comments/comment-store.ts';
import { countReactions } from '../../src/reactions/reaction-store.ts';
import { footprintOf } from './footprint.ts';
import { type People, shareInbox } from './inbox-people.ts';
import { activityOf, noteOf, PUBLIC } from './open-blog.ts';
import { sendSigned } from './send-raw.ts';
import type { WildActor } from './wild-peer.ts';

const { blog, people, accept, answer, commentOf } = shareInbox();
let post: People['post'];
let bob: WildActor;
let mallory: WildActor;
let neighbour: WildActor;
beforeAll(() => {
  ({ post, bob, mallory, neighbour } = people());
});

describe('what comes twice, late or in the wrong order', () => {
  test('A19 an activity sent again, at once and hours later, is one comment', async () => {
    const { url, app } = blog();
    const create = answer(bob, { content: '<p>Said once only.</p>' });
    const body = JSON.stringify(create);
    const date = new Date();
    const again = () => sendSigned(url, bob, null, { body, date });
    expect((await again()).status).toBe(202);
    expect((await again()).status).toBe(202);
    await blog().idle();
    blog().advance(6 * 3600);
    expect((await again()).status).toBe(202);
    await blog().idle();
    const all = await listComments(app.deps.db, { postId: post.post.id, limit: 200 });
    expect(all.filter(({ text }) => text === 'Said once only.')).toHaveLength(1);
    blog().advance(-6 * 3600);
  });

  test('F13 twenty copies at the same moment, at two inboxes, are one comment', async () => {
    const { url, app, owner } = blog();
    const create = answer(bob, { content: '<p>Twenty copies.</p>' });
    const paths = ['/ap/inbox', `/ap/users/${owner.id}/inbox`];
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sendSigned(url, bob, create, { path: paths[index % 2] ?? '' }).then(({ status }) => status),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([202]));
    await blog().idle();
    const all = await listComments(app.deps.db, { postId: post.post.id, limit: 200 });
    expect(all.filter(({ text }) => text === 'Twenty copies.')).toHaveLength(1);
  });

  test('F13 copies under other activity ids, at the same moment, are one comment and one like', async () => {
    const { url, app } = blog();
    const note = noteOf(neighbour, { inReplyTo: post.id, content: '<p>Many ids.</p>' });
    const likes = (await countReactions(app.deps.db, post.post.id)).like;
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        sendSigned(
          url,
          neighbour,
          index % 2 ? activityOf(neighbour, 'Create', note) : activityOf(neighbour, 'Like', post.id),
        ),
      ),
    );
    await blog().idle();
    const all = await listComments(app.deps.db, { postId: post.post.id, limit: 200 });
    expect(all.filter(({ text }) => text === 'Many ids.')).toHaveLength(1);
    expect((await countReactions(app.deps.db, post.post.id)).like).toBe(likes + 1);
  });

  test('F12 a Delete before its Create, and an Undo before its Like, make the late one harmless', async () => {
    const { app } = blog();
    const late = blog().good.actor('late');
    const note = noteOf(late, { inReplyTo: post.id });
    const like = activityOf(late, 'Like', post.id);
    const likes = (await countReactions(app.deps.db, post.post.id)).like;
    await accept(late, activityOf(late, 'Delete', note.id));
    await accept(late, activityOf(late, 'Undo', like));
    await accept(late, activityOf(late, 'Create', note));
    await accept(late, like);
    expect(await commentOf(note)).toBeNull();
    expect((await countReactions(app.deps.db, post.post.id)).like).toBe(likes);
  });

  test('F12 somebody’s early Delete of another’s note does not keep the note from coming, nor its own Delete from working', async () => {
    const note = noteOf(bob, { inReplyTo: post.id, content: '<p>Not to be silenced.</p>' });
    await sendSigned(blog().url, neighbour, activityOf(neighbour, 'Delete', note.id));
    await blog().idle();
    await accept(bob, activityOf(bob, 'Create', note));
    expect(await commentOf(note)).not.toBeNull();

    const second = noteOf(bob, { inReplyTo: post.id });
    await sendSigned(blog().url, neighbour, activityOf(neighbour, 'Delete', second.id));
    await accept(bob, activityOf(bob, 'Delete', second.id));
    await accept(bob, activityOf(bob, 'Create', second));
    expect(await commentOf(second)).toBeNull();
  });

  test('A19 a farewell that nobody signed is not stored again and again, and asks one server once at the most', async () => {
    const { good, evil, url, app } = blog();
    evil.on('/users/gone', (response) => response.writeHead(410).end());
    const before = await footprintOf(app);
    const hits = good.hits.length;
    for (let time = 0; time < 5; time += 1) {
      const farewell = {
        ...activityOf(bob, 'Delete', bob.id, { to: [PUBLIC] }),
        id: `${bob.id}#delete-${time}`,
      };
      const received = await sendSigned(url, mallory, farewell, {
        keyId: `${evil.origin}/users/gone#main-key`,
      });
      expect([401, 403]).toContain(received.status);
    }
    await blog().idle();
    expect(good.hits.length).toBe(hits);
    expect(await footprintOf(app)).toEqual(before);
  });
});
