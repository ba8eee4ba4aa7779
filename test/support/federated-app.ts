import { startTestBlog, type TestBlog } from '../../src/plugin-host/testing.ts';
import type { Post } from '../../src/posts/post.ts';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { type Json, type Peer, type PeerActor, startNetwork } from './remote-peer.ts';

/** A blog that federates, with other servers around it. */
export type FederatedApp = Omit<TestBlog, 'publish'> & {
  peer(host: string): Peer;
  /** The id of the owner's actor. */
  author: string;
  /** Publishes a post of the owner. */
  publish(post?: {
    title?: string;
    bodyMarkdown?: string;
    slug?: string;
    /** What the writer set beside the text, of this plugin. */
    fields?: Record<string, unknown>;
  }): Promise<Published>;
  /** Runs a command of the plugin, as `outpost federation NAME …` does, and gives what `--json` prints. */
  run(name: string, ...words: string[]): Promise<unknown>;
};

export type Published = { post: Post; id: string; url: string };

/** The names of the servers that most tests meet. */
export const usualHosts = [
  'good.example',
  'evil.example',
  'other.example',
  'friend.example',
  'spam.example',
  'sub.spam.example',
  'community.example',
  'moved.example',
] as const;

/** Starts a blog and the servers around it; close it at the end of the tests that share it. */
export async function startFederatedApp(
  options: { hosts?: readonly string[]; env?: Record<string, string> } = {},
): Promise<FederatedApp> {
  const network = await startNetwork(options.hosts ?? usualHosts);
  const blog = await startTestBlog({ plugins: ['federation'], env: { ...network.env, ...options.env } });
  const { owner } = blog;
  if (!owner) throw new Error('The blog has no owner.');
  return {
    ...blog,
    peer: network.peer,
    author: `${blog.url}/ap/users/${owner.id}`,
    async publish({ title = 'Hello world', bodyMarkdown = 'The first words.', slug, fields } = {}) {
      const { deps } = blog.app;
      const input = {
        authorId: owner.id,
        title,
        bodyMarkdown,
        ...(slug && { slug }),
        fields: { federation: fields ?? {} },
      };
      const draft = await createPost(deps, input);
      const post = await publishPost(deps, draft.id);
      await blog.idle();
      return { post, id: `${blog.url}/ap/posts/${post.id}`, url: `${blog.url}/${post.slug}` };
    },
    run: async (name, ...words) => {
      const plugin = blog.app.plugins.find('federation');
      const command = plugin?.definition.commands?.find((one) => one.name === name);
      if (!plugin || !command) throw new Error(`There is no command ${name}.`);
      const options: Record<string, unknown> = {};
      const args: string[] = [];
      for (let at = 0; at < words.length; at += 1) {
        const word = words[at] ?? '';
        const next = words[at + 1];
        if (!word.startsWith('--')) args.push(word);
        else if (next === undefined || next.startsWith('--')) options[word.slice(2)] = true;
        else {
          options[word.slice(2)] = next;
          at += 1;
        }
      }
      return command.run({ args, options, limit: 50, after: undefined }, plugin.context as never);
    },
    async close() {
      await blog.close();
      await network.close();
    },
  };
}

let count = 0;

/** A fresh id on an actor's server. */
export function freshId(actor: PeerActor, what = 'activities'): string {
  count += 1;
  return `${new URL(actor.id).origin}/${what}/${count}`;
}

export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
const context = 'https://www.w3.org/ns/activitystreams';

/** A Follow of somebody. */
export function followOf(actor: PeerActor, object: string, id = freshId(actor)): Json {
  return { '@context': context, id, type: 'Follow', actor: actor.id, object };
}

/** The taking back of an activity. */
export function undoOf(actor: PeerActor, object: Json | string): Json {
  return { '@context': context, id: freshId(actor), type: 'Undo', actor: actor.id, object };
}

/** A Note that answers something, as Mastodon writes it. */
export function noteOf(actor: PeerActor, members: Json = {}): Json {
  return {
    id: freshId(actor, 'notes'),
    type: 'Note',
    attributedTo: actor.id,
    content: '<p>Well said.</p>',
    published: new Date().toISOString(),
    to: [PUBLIC],
    cc: [`${actor.id}/followers`],
    ...members,
  };
}

/** An activity of somebody about an object. */
export function activityOf(actor: PeerActor, type: string, object: unknown, members: Json = {}): Json {
  return { '@context': context, id: freshId(actor), type, actor: actor.id, object, ...members };
}
