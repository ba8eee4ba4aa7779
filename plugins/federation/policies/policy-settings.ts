import { z } from 'outpost/plugin';
import type { Policy, Rule } from './rules.ts';

const words: Readonly<Record<Rule | 'default', string>> = {
  default: 'As set for all posts',
  everybody: 'Everybody',
  followers: 'Followers, and people named in the post',
  mentioned: 'People named in the post',
  ask: 'Everybody who asks and whom the author lets',
  nobody: 'Nobody',
};

const replyRules = ['everybody', 'followers', 'mentioned', 'nobody'] as const;
const likeRules = ['everybody', 'followers', 'nobody'] as const;
const quoteRules = ['everybody', 'followers', 'ask', 'nobody'] as const;

/** Who may do what with a post, for all posts: members of the plugin's settings. */
export const policySettings = {
  canReply: z.enum(replyRules).default('everybody').meta({
    title: 'Who may reply',
    description: 'What others send all the same is not kept. Each post can have its own rule.',
    labels: words,
  }),
  canLike: z.enum(likeRules).default('everybody').meta({ title: 'Who may like', labels: words }),
  canBoost: z.enum(likeRules).default('everybody').meta({ title: 'Who may boost', labels: words }),
  canQuote: z.enum(quoteRules).default('everybody').meta({
    title: 'Who may quote',
    description:
      'Mastodon asks before it shows a quote. Others, such as Misskey, never ask: there it is only decided what counts here.',
    labels: words,
  }),
};

/** The same for one post: members of the fields beside it. */
export const policyFields = {
  canReply: z
    .enum(['default', ...replyRules])
    .default('default')
    .meta({ title: 'Who may reply', labels: words }),
  canLike: z
    .enum(['default', ...likeRules])
    .default('default')
    .meta({ title: 'Who may like', labels: words }),
  canBoost: z
    .enum(['default', ...likeRules])
    .default('default')
    .meta({ title: 'Who may boost', labels: words }),
  canQuote: z
    .enum(['default', ...quoteRules])
    .default('default')
    .meta({ title: 'Who may quote', labels: words }),
};

type Settings = { [N in keyof typeof policySettings]: z.output<(typeof policySettings)[N]> };
type Fields = { [N in keyof typeof policyFields]: z.output<(typeof policyFields)[N]> };

/** The rules of one post: its own, else those for all posts. Where comments are closed, nobody may reply. */
export function policyFrom(settings: Settings, fields: Fields, post: { commentsOpen: boolean }): Policy {
  const rule = <N extends keyof Settings>(name: N): Rule =>
    fields[name] === 'default' ? settings[name] : fields[name];
  return {
    reply: post.commentsOpen ? rule('canReply') : 'nobody',
    like: rule('canLike'),
    boost: rule('canBoost'),
    quote: rule('canQuote'),
  };
}
