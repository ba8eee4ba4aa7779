import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '../support/until.ts';

/** An activity that the peer took in, after Fedify had verified it. */
export type PeerActivity = {
  type: string;
  id: string | null;
  /** Whose inbox it came to; null for the one that all share. */
  recipient: string | null;
  json: Record<string, unknown>;
  headers: Record<string, string>;
};

/** A server made with Fedify, whose people do as the test says. `by` is who does it: any name; bob where absent. */
export type FedifyPeer = {
  origin: string;
  lookup(handle: string): Promise<{ webfinger: Record<string, unknown>; actor: Record<string, unknown> }>;
  follow(handle: string, by?: string): Promise<{ activity: string }>;
  reply(reply: {
    to: string;
    inReplyTo?: string;
    content: string;
    audience?: 'public' | 'direct';
    by?: string;
  }): Promise<{ note: string }>;
  edit(note: string, content: string, by?: string): Promise<unknown>;
  remove(note: string, by?: string): Promise<unknown>;
  like(object: string, to: string, by?: string): Promise<{ activity: string }>;
  boost(object: string, to: string, by?: string): Promise<{ activity: string }>;
  block(to: string, by?: string): Promise<{ activity: string }>;
  undo(activity: string, by?: string): Promise<unknown>;
  /** An object as Fedify reads it; null where there is none. */
  fetch(url: string): Promise<Record<string, unknown> | null>;
  received(): Promise<PeerActivity[]>;
  /** Waits for an activity of that type that fits, and gives it. */
  waitFor(type: string, fits?: (activity: PeerActivity) => boolean): Promise<PeerActivity>;
  close(): void;
};

/** Starts the peer in a process of its own. */
export async function startFedifyPeer(): Promise<FedifyPeer> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'fedify-peer.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const origin = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('The peer did not start.')));
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line).origin));
  });

  async function tell<T>(deed: string, order: object = {}): Promise<T> {
    const response = await fetch(`${origin}/control/${deed}`, {
      method: 'POST',
      body: JSON.stringify(order),
    });
    if (!response.ok) throw new Error(`The peer could not ${deed}: ${await response.text()}`);
    return response.json() as Promise<T>;
  }

  const received = () => tell<PeerActivity[]>('received');
  return {
    origin,
    lookup: (handle) => tell('lookup', { handle }),
    follow: (handle, by) => tell('follow', { handle, by }),
    reply: (reply) => tell('reply', reply),
    edit: (note, content, by) => tell('edit', { note, content, by }),
    remove: (note, by) => tell('remove', { note, by }),
    like: (object, to, by) => tell('like', { object, to, by }),
    boost: (object, to, by) => tell('boost', { object, to, by }),
    block: (to, by) => tell('block', { to, by }),
    undo: (activity, by) => tell('undo', { activity, by }),
    fetch: (url) => tell('fetch', { url }),
    received,
    waitFor: (type, fits = () => true) =>
      until(`the peer receives a fitting ${type}`, async () =>
        (await received()).find((one) => one.type === type && fits(one)),
      ),
    close: () => child.kill(),
  };
}
