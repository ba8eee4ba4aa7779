import type { FederationContext } from '../../../../plugins/federation/context.ts';
import { handleArrival } from '../../../../plugins/federation/inbox/handle-activity.ts';
import { climb } from '../../../../plugins/federation/threads/climb.ts';
import { look } from '../../../../plugins/federation/threads/look.ts';

type Json = Record<string, unknown>;

/** Servers that are a table: what each address answers, and what was asked. */
export type ImaginedNetwork = {
  /** The blog's context, but for the way out and the queue: nothing leaves the process, and jobs wait until they are run. */
  context: FederationContext;
  serve(address: string, answer: Json | number): void;
  asked: string[];
  /** An account, with its WebFinger. Gives its id. */
  addActor(host: string, name: string): string;
  /** Takes an activity in, as the job behind the inbox does. */
  take(activity: Json, options?: { isHint?: boolean }): Promise<void>;
  /** Runs the job that has waited longest, or the one at this place; tells whether there was one. */
  runJob(at?: number): Promise<boolean>;
  /** Runs jobs until none is left. */
  settle(): Promise<void>;
};

const public_ = 'https://www.w3.org/ns/activitystreams#Public';
const json = 'application/activity+json';
const handlers = { climb, look };

/** Puts imagined servers around a blog. */
export function imagineNetwork(blog: FederationContext): ImaginedNetwork {
  const served = new Map<string, { answer: Json | number; type: string }>();
  const asked: string[] = [];
  const jobs: { name: keyof typeof handlers; payload: unknown; key: string | null }[] = [];
  const enqueue = (name: string, payload: unknown, key: string | null) => {
    if (name !== 'climb' && name !== 'look') return;
    if (key !== null && jobs.some((job) => job.name === name && job.key === key)) return;
    jobs.push({ name, payload, key });
  };
  const context: FederationContext = {
    ...blog,
    rateLimit: async () => null,
    async network(url) {
      const address = String(url);
      asked.push(address);
      const found = served.get(address);
      const answer = found?.answer ?? 404;
      const body = Buffer.from(typeof answer === 'number' ? '' : JSON.stringify(answer));
      const status = typeof answer === 'number' ? answer : 200;
      return { status, url: address, headers: { 'content-type': found?.type ?? json }, body };
    },
    jobs: {
      async add(_trx, name, payload, options) {
        enqueue(name, payload, options?.uniqueKey ?? null);
      },
      async addAll(_trx, name, inputs) {
        for (const { payload, uniqueKey } of inputs) enqueue(name, payload, uniqueKey ?? null);
      },
    },
  };

  const network: ImaginedNetwork = {
    context,
    asked,
    serve: (address, answer) => void served.set(address, { answer, type: json }),
    addActor(host, name) {
      const id = `https://${host}/users/${name}`;
      network.serve(id, {
        '@context': 'https://www.w3.org/ns/activitystreams',
        id,
        type: 'Person',
        preferredUsername: name,
        inbox: `${id}/inbox`,
      });
      const subject = `acct:${name}@${host}`;
      const answer = { subject, links: [{ rel: 'self', type: json, href: id }] };
      const address = `https://${host}/.well-known/webfinger?resource=${encodeURIComponent(subject)}`;
      served.set(address, { answer, type: 'application/jrd+json' });
      return id;
    },
    take: (activity, { isHint = false } = {}) =>
      handleArrival({ activity, isHint, isUnverified: false }, context),
    async runJob(at = 0) {
      const [job] = jobs.splice(at % Math.max(1, jobs.length), 1);
      if (!job) return false;
      await handlers[job.name](job.payload, context, { attempts: 1, maxAttempts: 8 });
      return true;
    },
    async settle() {
      for (let steps = 0; await network.runJob(); steps += 1)
        if (steps > 20_000) throw new Error('The jobs do not end.');
    },
  };
  return network;
}

/** A public Note, as it stands at its own server. */
export function noteBy(
  author: string,
  members: { id: string; inReplyTo?: string | null; content?: string } & Json,
): Json {
  return {
    '@context': 'https://www.w3.org/ns/activitystreams',
    type: 'Note',
    attributedTo: author,
    content: '<p>Well said.</p>',
    published: '2026-11-20T10:00:00Z',
    to: [public_],
    cc: [`${author}/followers`],
    ...members,
  };
}

/** An activity of somebody about an object. */
export function deedOf(actor: string, type: string, object: unknown, id: string): Json {
  return { '@context': 'https://www.w3.org/ns/activitystreams', id, type, actor, object };
}
