import { type Command, InvalidError, NotFoundError, type PublicUser } from 'outpost/plugin';
import { findActors } from './actors/actor-store.ts';
import { fetchActor } from './actors/remote-actors.ts';
import { rotateKey } from './actors/rotate-key.ts';
import { SITE } from './addresses.ts';
import { presentCommunities } from './communities/present-communities.ts';
import { lookAgain } from './communities/tell-communities.ts';
import type { FederationContext } from './context.ts';
import { tablesOf } from './context.ts';
import { deliveryCommands } from './delivery/delivery-commands.ts';
import { listFollowers } from './followers/follower-store.ts';
import { followAccount, unfollowAccount } from './following/follow-actor.ts';
import { listFollowing } from './following/following-store.ts';
import { presentFollowing } from './following/present-following.ts';
import { look } from './look-up.ts';
import { listMentions } from './mentions/mention-store.ts';
import { blockTarget, unblockTarget } from './moderation/apply-block.ts';
import { listBlocks } from './moderation/block-store.ts';
import { importBlocks } from './moderation/import-blocks.ts';
import { listAliases } from './profiles/alias-store.ts';
import { addAlias, removeAlias } from './profiles/own-accounts.ts';
import { quoteCommands } from './quotes/quote-commands.ts';
import type { BlockRow } from './tables.ts';
import { lookBelow } from './threads/look.ts';

/** The commands `outpost federation …`. */
export const commands: readonly Command<FederationContext>[] = [
  {
    name: 'followers',
    usage: 'followers <username>',
    about: 'list who follows an author, newest first',
    async run({ args, limit, after }, context) {
      const { id: userId } = await authorNamed(context, args[0]);
      const rows = await listFollowers(tablesOf(context), { userId, limit, after });
      const actors = await findActors(
        context,
        rows.map((row) => row.actor_id),
      );
      return rows.map(({ actor_id, inbox, since, state }) => {
        const actor = actors.get(actor_id);
        return {
          actor: actor_id,
          handle: actor?.handle ?? null,
          name: actor?.name ?? null,
          inbox: actor?.inbox ?? inbox,
          sharedInbox: actor?.sharedInbox ?? null,
          since,
          state,
        };
      });
    },
  },
  {
    name: 'following',
    usage: 'following <username>',
    about: 'list whom an author follows or has asked to follow, newest first',
    async run({ args, limit, after }, context) {
      const { id: userId } = await authorNamed(context, args[0]);
      return presentFollowing(context, await listFollowing(tablesOf(context), { userId, limit, after }));
    },
  },
  {
    name: 'follow',
    usage: 'follow <username> <handle-or-url>',
    about: 'ask to follow somebody elsewhere, or a community, for an author',
    async run({ args: [username, typed = ''] }, context) {
      const { id: userId } = await authorNamed(context, username);
      const { row } = await followAccount(context, { userId, typed });
      return (await presentFollowing(context, [row]))[0];
    },
    next: (given) =>
      isRequested(given)
        ? 'The other side was asked and has to accept. Look in a while with outpost federation following, or in the admin under Followers → Following.'
        : null,
  },
  {
    name: 'unfollow',
    usage: 'unfollow <username> <handle-or-url>',
    about: 'have an author follow somebody, or a community, no longer',
    async run({ args: [username, typed = ''] }, context) {
      const { id: userId } = await authorNamed(context, username);
      const { row } = await unfollowAccount(context, { userId, typed });
      return { actor: row.actor_id, state: 'unfollowed' };
    },
  },
  {
    name: 'aliases',
    usage: 'aliases <username>',
    about: 'list the accounts elsewhere that an author says are theirs',
    async run({ args: [username] }, context) {
      const { id: userId } = await authorNamed(context, username);
      return (await listAliases(context, userId)).map(({ actorId, since }) => ({ actor: actorId, since }));
    },
  },
  {
    name: 'alias',
    usage: 'alias <username> <handle-or-url>',
    about: 'name an account elsewhere as the author’s too, so that its followers can be moved here',
    async run({ args: [username, typed = ''] }, context) {
      const { id: userId } = await authorNamed(context, username);
      const { actorId, since } = await addAlias(context, { userId, typed });
      return { actor: actorId, since };
    },
  },
  {
    name: 'unalias',
    usage: 'unalias <username> <url>',
    about: 'name an account elsewhere as the author’s no longer',
    async run({ args: [username, actorId = ''] }, context) {
      const { id: userId } = await authorNamed(context, username);
      await removeAlias(context, { userId, actorId });
      return { actor: actorId, state: 'removed' };
    },
  },
  {
    name: 'communities',
    usage: 'communities <post-id>',
    about: 'list the communities that a post is addressed to, and what has become of it there',
    options: [{ flags: '--again', about: 'look at once for those that were not found' }],
    async run({ args: [postId = ''], options }, context) {
      if (!(await context.posts.find(postId)))
        throw new NotFoundError('post.not_found', `There is no post ${postId}.`);
      if (options.again === true) await lookAgain(context, postId, { again: true });
      return presentCommunities(context, postId);
    },
  },
  {
    name: 'mentions',
    usage: 'mentions <username>',
    about: 'list what was said to an author and is no public comment, newest first',
    async run({ args, limit, after }, context) {
      const { id } = await authorNamed(context, args[0]);
      const rows = await listMentions(tablesOf(context), { userIds: [id], limit, after });
      const actors = await findActors(
        context,
        rows.map((row) => row.actor_id),
      );
      return rows.map((row) => ({
        id: row.id,
        object: row.object_id,
        visibility: row.visibility,
        actor: row.actor_id,
        handle: actors.get(row.actor_id)?.handle ?? null,
        name: actors.get(row.actor_id)?.name ?? null,
        text: row.text,
        html: row.html,
        url: row.url,
        inReplyTo: row.in_reply_to,
        postId: row.post_id,
        createdAt: row.created_at,
      }));
    },
  },
  ...deliveryCommands,
  ...quoteCommands,
  {
    name: 'lookup',
    usage: 'lookup <handle-or-url>',
    about: 'fetch an account or a post elsewhere, and show it as it is understood here',
    run: ({ args }, context) => look(context, args[0] ?? ''),
  },
  {
    name: 'block',
    usage: 'block <domain-or-actor>',
    about: 'take nothing from a server or an account, and send nothing there',
    options: [
      { flags: '--reason <reason>', about: 'why, for those who run this site' },
      { flags: '--silence', about: 'let them follow and read; show nothing of theirs' },
    ],
    async run({ args, options }, context) {
      const level = options.silence === true ? 'silence' : 'block';
      const reason = textOption(options.reason) ?? '';
      return presentBlock(await blockTarget(context, { typed: args[0] ?? '', level, reason }));
    },
  },
  {
    name: 'unblock',
    usage: 'unblock <domain-or-actor>',
    about: 'take a block back',
    run: ({ args }, context) => unblockTarget(context, args[0] ?? ''),
  },
  {
    name: 'blocks',
    usage: 'blocks [import] [file]',
    about: 'list who is blocked; blocks import FILE takes in a list as Mastodon exports it (CSV)',
    options: [{ flags: '--dry-run', about: 'say what an import would do' }],
    async run({ args, options, limit, after }, context) {
      const [deed, file] = args;
      if (deed === undefined)
        return (await listBlocks(tablesOf(context), { limit, after })).map(presentBlock);
      if (deed !== 'import' || file === undefined) {
        throw new InvalidError('federation.usage', 'Write blocks, or blocks import FILE.');
      }
      return importBlocks(context, file, { dryRun: options.dryRun === true || options['dry-run'] === true });
    },
  },
  {
    name: 'fetch-replies',
    usage: 'fetch-replies <post>',
    about:
      'look for more answers to a post on the servers that its answers came from; shows how many are asked about',
    async run({ args: [named = ''] }, context) {
      const post = (await context.posts.find(named)) ?? (await context.posts.findBySlug(named));
      if (!post) throw new NotFoundError('post.not_found', `There is no post ${named}.`);
      return { post: post.id, asked: await lookBelow(context, post.id) };
    },
  },
  {
    name: 'refresh',
    usage: 'refresh <actor>',
    about: 'fetch an account elsewhere anew',
    async run({ args }, context) {
      const found = await look(context, args[0] ?? '');
      if (found.kind !== 'actor') throw new InvalidError('federation.no_account', 'That is not an account.');
      const answer = await fetchActor(context, found.id, { maxAgeMs: 0 });
      if (answer.kind !== 'actor') throw new NotFoundError('federation.not_found', 'The account is gone.');
      return look(context, found.id);
    },
  },
  {
    name: 'rotate-key',
    usage: 'rotate-key [username]',
    about: 'give an author new keys, and tell the followers’ servers',
    options: [{ flags: '--site', about: 'the keys with which the site itself asks other servers' }],
    async run({ args, options }, context) {
      if (options.site === true) return rotateKey(context, SITE);
      return rotateKey(context, (await authorNamed(context, args[0])).id);
    },
  },
];

async function authorNamed(context: FederationContext, username = ''): Promise<PublicUser> {
  const user = await context.users.findByUsername(username.replace(/^@/, ''));
  if (!user) throw new NotFoundError('user.not_found', `There is no user ${username}.`);
  return user;
}

function isRequested(given: unknown): boolean {
  return typeof given === 'object' && given !== null && 'state' in given && given.state === 'requested';
}

function textOption(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function presentBlock({ id, kind, value, level, reason, created_at }: BlockRow) {
  return { id, kind, value, level, reason, createdAt: created_at };
}
