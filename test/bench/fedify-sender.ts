/** The same post sent by Fedify, with its queue in the process: as it comes, or with several workers on it. */
import { createFederation, InProcessMessageQueue, MemoryKvStore, ParallelMessageQueue } from '@fedify/fedify';
import { Article, Create, Person, PUBLIC_COLLECTION } from '@fedify/fedify/vocab';
import { answerParent } from './child.ts';
import { sampleHtml } from './sample.ts';

const origin = 'http://localhost:9';
const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
};
const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const workers = Number(process.env.BENCH_WORKERS);
const queue = new InProcessMessageQueue();
const federation = createFederation<void>({
  kv: new MemoryKvStore(),
  queue: workers > 1 ? new ParallelMessageQueue(queue, workers) : queue,
  origin,
  allowPrivateAddress: true,
  circuitBreaker: false,
});
federation
  .setActorDispatcher(
    '/users/{identifier}',
    (ctx, identifier) => new Person({ id: ctx.getActorUri(identifier), preferredUsername: identifier }),
  )
  .setKeyPairsDispatcher(() => [pair]);
let count = 0;

answerParent({
  async send({ inboxes }: { inboxes: string[] }) {
    const startedAt = Date.now();
    const ctx = federation.createContext(new URL(origin), undefined);
    count += 1;
    const actor = ctx.getActorUri('alice');
    const object = new Article({
      id: new URL(`${origin}/posts/${count}`),
      attribution: actor,
      name: 'What the letter said',
      summary: 'A letter takes three days to the coast.',
      content: sampleHtml,
      url: new URL(`${origin}/what-the-letter-said`),
      to: PUBLIC_COLLECTION,
    });
    const create = new Create({
      id: new URL(`${origin}/activities/${count}`),
      actor,
      object,
      to: PUBLIC_COLLECTION,
    });
    const recipients = inboxes.map((inbox) => ({
      id: new URL(inbox.replace(/\/inbox$/, '')),
      inboxId: new URL(inbox),
    }));
    await ctx.sendActivity({ identifier: 'alice' }, recipients, create);
    return startedAt;
  },
});
