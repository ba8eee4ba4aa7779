import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listComments } from '../../../../src/comments/comment-store.ts';
import { type FederatedBlog, startFederatedBlog } from '../support.ts';
import { deedOf, imagineNetwork, noteBy } from './imagined-network.ts';

type Json = Record<string, unknown>;

/** A reply as it is made up: whom it answers, what happens to it, and on which ways the news of that travel. */
type Reply = {
  host: number;
  /** Which of the earlier replies it answers; the post where it is none. */
  parent: number;
  edits: number;
  isDeleted: boolean;
  /** Whether its last version is for its author's followers only. */
  isMadePrivate: boolean;
  /** Whether it names the post's discussion as its own. */
  namesDiscussion: boolean;
  ways: Way[];
};

/** To an author's inbox and the shared one (once or twice), or by somebody else who passes it on. */
type Way = 'once' | 'twice' | 'passed on' | 'both';

const hosts = 40;

/** The same threads every time; to search for more, leave it out and let there be many more runs. */
const seed = 1_966_123;

const replyOf: fc.Arbitrary<Reply> = fc.record({
  host: fc.nat(hosts - 1),
  parent: fc.integer({ min: -3, max: 1_000_000 }),
  edits: fc.constantFrom(0, 0, 0, 1, 2),
  isDeleted: fc.constantFrom(false, false, false, true),
  isMadePrivate: fc.constantFrom(...Array.from({ length: 11 }, () => false), true),
  namesDiscussion: fc.boolean(),
  ways: fc.array(fc.constantFrom<Way>('once', 'twice', 'passed on', 'both'), { minLength: 4, maxLength: 4 }),
});

let blog: FederatedBlog;
let threads = 0;
beforeAll(async () => {
  blog = await startFederatedBlog({ untilTestEnds: false });
});
afterAll(() => blog.close());

/** A thread with everything that is ever sent about it. */
function imagineThread(replies: readonly Reply[], post: { id: string }) {
  threads += 1;
  const network = imagineNetwork(blog.context);
  const objectOf = (index: number) => {
    const { host } = replies[index] as Reply;
    return `https://h${host}.example/${threads}/notes/${index}`;
  };
  const deeds: { activity: Json; isHint: boolean; subject: string }[] = [];
  replies.forEach(({ host, parent, edits, isDeleted, isMadePrivate, namesDiscussion, ways }, index) => {
    const author = network.addActor(`h${host}.example`, `n${index % 2}`);
    const id = objectOf(index);
    const inReplyTo = parent < 0 || index === 0 ? post.id : objectOf(parent % index);
    const version = (edit: number) =>
      noteBy(author, {
        id,
        inReplyTo,
        content: `<p>Text ${index}, version ${edit}</p>`,
        ...(edit > 0 && { updated: `2026-11-20T1${edit}:00:00Z` }),
        ...(namesDiscussion && { context: `${post.id}/context` }),
      });
    network.serve(id, isDeleted ? 410 : isMadePrivate ? 404 : version(edits));
    const say = (type: string, object: unknown, way: Way | undefined, name: string) => {
      const activity = deedOf(author, type, object, `${id}/${name}`);
      const deed = { activity, isHint: false, subject: `${author} ${id}` };
      if (way !== 'passed on') deeds.push(deed);
      if (way === 'twice') deeds.push(deed);
      if (way === 'passed on' || way === 'both') deeds.push({ ...deed, isHint: true });
    };
    say('Create', version(0), ways[0], 'create');
    for (let edit = 1; edit <= edits; edit += 1) say('Update', version(edit), ways[edit], `update-${edit}`);
    const hidden = { ...version(0), to: [`${author}/followers`], cc: [], updated: '2026-11-20T19:00:00Z' };
    if (isMadePrivate) say('Update', hidden, 'once', 'hide');
    if (isDeleted) say('Delete', { id, type: 'Tombstone' }, ways[3], 'delete');
  });
  return { network, deeds, objectOf };
}

/** What has become of a thread: each answer by its own id, with its text, its state and what it stands below. */
async function threadOf(postId: string, own: (externalId: string) => string) {
  const comments = await listComments(blog.deps.db, { postId, limit: 10_000 });
  const names = new Map(comments.map(({ id, externalId }) => [id, own(externalId ?? '')]));
  return comments
    .map(({ externalId, parentId, text, status }) => ({
      id: own(externalId ?? ''),
      text,
      status,
      below: parentId === null ? null : (names.get(parentId) ?? 'nothing that is here'),
    }))
    .sort((a, b) => a.id.localeCompare(b.id));
}

type Doing = { replies: readonly Reply[]; order: (length: number) => number[]; atOnce?: number };

/** Lets everything happen in an order, with the jobs that it causes in between; gives what is there in the end. */
async function run({ replies, order, atOnce = 1 }: Doing) {
  const { id: postId } = await blog.publish({ title: 'A post', bodyMarkdown: 'Words.' });
  const { network, deeds } = imagineThread(replies, { id: `${blog.url}/ap/posts/${postId}` });
  // What one account says about one thing is handled in the order in which it came, whatever else goes on.
  const lines = new Map<string, Promise<void>>();
  const places = order(deeds.length);
  for (let start = 0; start < places.length; start += atOnce) {
    await Promise.all(
      places.slice(start, start + atOnce).map((at) => {
        const { activity, isHint, subject } = deeds[at] as (typeof deeds)[number];
        const before = lines.get(subject) ?? Promise.resolve();
        const line = before.then(() => network.take(activity, { isHint }));
        lines.set(subject, line);
        return line;
      }),
    );
    if (start % 3 === 0) await network.runJob(start);
  }
  await network.settle();
  return threadOf(postId, (id) => id.replace(/^https:\/\/(\w+)\.example\/\d+/, '$1'));
}

/** An order that seems to have none, always the same for a seed. */
function disorder(seed: number) {
  return (length: number): number[] => {
    let state = seed >>> 0 || 1;
    const next = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const order = Array.from({ length }, (_, index) => index);
    for (let at = length - 1; at > 0; at -= 1) {
      const other = Math.floor(next() * (at + 1));
      [order[at], order[other]] = [order[other] as number, order[at] as number];
    }
    return order;
  };
}

const inOrder = (length: number) => Array.from({ length }, (_, index) => index);
const backwards = (length: number) => inOrder(length).reverse();

const once: Way[] = ['once', 'once', 'once', 'once'];
const passedOn: Way[] = ['passed on', 'once', 'once', 'once'];
const plain: Reply = {
  host: 0,
  parent: 0,
  edits: 0,
  isDeleted: false,
  isMadePrivate: false,
  namesDiscussion: false,
  ways: once,
};

/** An answer to what is private by now, below something deleted of which only others ever spoke. */
const belowPrivate: Reply[] = [
  { ...plain, ways: passedOn, isDeleted: true },
  { ...plain, isMadePrivate: true, namesDiscussion: true },
  { ...plain },
  { ...plain, edits: 2 },
  { ...plain, ways: ['both', 'both', 'once', 'once'], parent: 1, edits: 1 },
  { ...plain },
];
/** What names the discussion answers what does not, and that answers what nobody can have. */
const belowUnknown: Reply[] = [
  { ...plain, ways: passedOn, isDeleted: true },
  { ...plain },
  { ...plain, parent: 1, isDeleted: true },
  { ...plain, parent: 2, namesDiscussion: true },
];
/** What was made private before it was deleted is answered. */
const belowHidden: Reply[] = [
  { ...plain, ways: passedOn, isDeleted: true, isMadePrivate: true, namesDiscussion: true },
  { ...plain, ways: ['both', 'once', 'once', 'once'] },
];
const examples: [Reply[], number][] = [
  [belowPrivate, 0],
  [belowUnknown, 0],
  [belowHidden, -1_658_419_674],
];

test('a small thread ends the same in every order', { timeout: 60_000 }, async () => {
  const thread = fc.array(replyOf, { minLength: 1, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(thread, fc.integer(), async (replies, seed) => {
      const expected = await run({ replies, order: inOrder });
      expect(await run({ replies, order: disorder(seed) })).toEqual(expected);
      expect(await run({ replies, order: backwards, atOnce: 3 })).toEqual(expected);
    }),
    { seed, numRuns: 20, examples, plugins: [fc.interruptAfterTimeLimit(15_000)] },
  );
});

/** What must be there of a thread of which everything was sent by its authors themselves. */
function expectedOf(replies: readonly Reply[]) {
  const name = (index: number) => `h${replies[index]?.host}/notes/${index}`;
  const isShown = (index: number) => !replies[index]?.isDeleted && !replies[index]?.isMadePrivate;
  const parentOf = (index: number): number | null => {
    const parent = replies[index]?.parent ?? -1;
    if (parent < 0 || index === 0) return null;
    return isShown(parent % index) ? parent % index : parentOf(parent % index);
  };
  return replies
    .flatMap((reply, index) => {
      if (!isShown(index)) return [];
      const parent = parentOf(index);
      return {
        id: name(index),
        text: `Text ${index}, version ${reply.edits}`,
        status: 'pending',
        below: parent === null ? null : name(parent),
      };
    })
    .sort((a, b) => a.id.localeCompare(b.id));
}

test('300 replies from 40 servers in scrambled order are one thread, and the right one', {
  timeout: 60_000,
}, async () => {
  const sent = fc.array(fc.constantFrom<Way>('once', 'twice', 'both'), { minLength: 4, maxLength: 4 });
  const thread = fc.array(
    fc.tuple(replyOf, sent).map(([reply, ways]) => ({ ...reply, ways })),
    { minLength: 300, maxLength: 300 },
  );
  await fc.assert(
    fc.asyncProperty(thread, fc.integer(), async (replies, seed) => {
      const expected = expectedOf(replies);
      expect(await run({ replies, order: disorder(seed) })).toEqual(expected);
      expect(await run({ replies, order: disorder(seed + 1), atOnce: 8 })).toEqual(expected);
    }),
    { seed, numRuns: 1, endOnFailure: true },
  );
});

test('a chain of sixty answers that comes from its end is whole', async () => {
  const replies = Array.from({ length: 60 }, (_, index): Reply => {
    return { ...plain, host: index % hosts, parent: index - 1 };
  });
  expect(await run({ replies, order: backwards })).toEqual(expectedOf(replies));
});
