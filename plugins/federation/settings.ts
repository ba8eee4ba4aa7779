import { z } from 'outpost/plugin';
import { formWords } from './forms/form-words.ts';
import { policySettings } from './policies/policy-settings.ts';

/** What the owner can set about federation; the form in the admin is drawn from it. */
export const federationSettings = z.object({
  sendSummary: z.boolean().default(true).meta({
    title: 'Send a summary with each post',
    description:
      'Mastodon shows nothing else of a post but its title and this. Misskey, Pleroma and GoToSocial fold the text behind it.',
  }),
  titledPosts: z.enum(['article', 'full-text', 'own-words']).default('article').meta({
    title: 'Posts with a title are sent as',
    description:
      'An article shows its title, the summary and a link on Mastodon. The full text is read there, and on servers that show no articles. Own words are those in each post, or else its summary.',
    labels: formWords,
  }),
  untitledPosts: z.enum(['full-text', 'article', 'own-words']).default('full-text').meta({
    title: 'Posts without a title are sent as',
    description: 'Their full text, as short messages elsewhere, suits most.',
    labels: formWords,
  }),
  pages: z.enum(['not-sent', 'article', 'full-text', 'own-words']).default('not-sent').meta({
    title: 'Pages are sent as',
    description: 'Pages such as “About” usually stay on the site.',
    labels: formWords,
  }),
  adaptToSoftware: z.boolean().default(true).meta({
    title: 'Send each server the form that it shows best',
    description:
      'Where a summary would hide the text it is left out; where articles are not shown at all, a short message with title, summary, picture and link goes out. The post stays the same.',
  }),
  ...policySettings,
  showDislikes: z.boolean().default(false).meta({
    title: 'Show below a post how many dislike it',
    description:
      'Lemmy, Mbin, NodeBB and Friendica send dislikes. They are never counted as likes, and you see them in any case.',
  }),
  discoverable: z.boolean().default(true).meta({
    title: 'Let other servers recommend the authors',
    description: 'Authors appear in directories and among the suggestions of other servers.',
  }),
  indexable: z.boolean().default(true).meta({
    title: 'Let other servers search the posts',
    description: 'Posts can be found by the words in them, on servers that offer that.',
  }),
  mailFollowers: z.boolean().default(false).meta({
    title: 'Mail about new followers',
    description: 'Once a day at most, to the author who is followed.',
  }),
  mailComments: z.boolean().default(true).meta({
    title: 'Mail about waiting comments and quotes from the Fediverse',
    description: 'To the author of the post. Several that come together are one mail.',
  }),
  mailMentions: z.boolean().default(true).meta({
    title: 'Mail about private answers and mentions',
    description: 'To the author who was spoken to. Several that come together are one mail.',
  }),
  mailFailures: z.boolean().default(true).meta({
    title: 'Mail about posts that could not be delivered',
    description: 'To the author, when a server was given up after two days.',
  }),
  integrityProofs: z.boolean().default(true).meta({
    title: 'Sign what is sent, so that others can pass it on',
    description:
      'Each message carries a proof of who wrote it. Servers that know such proofs believe it through whomever it reaches them; the others pass over it.',
  }),
  secureMode: z.boolean().default(false).meta({
    title: 'Show authors and posts to servers that say who they are, and to no others',
    description:
      'Servers have to sign what they ask for, and blocked ones get nothing. Pages for people stay as they are. Some servers and search tools then cannot show posts any more.',
  }),
  deliveriesAtOnce: z.number().int().min(1).max(16).default(4).meta({
    title: 'Messages sent to one server at the same time',
    description: 'Small servers cannot work on many at once.',
  }),
  deliveriesPerSecond: z.number().int().min(1).max(1000).default(100).meta({
    title: 'Messages sent to one server in a second',
    description: 'One that asks for fewer is sent fewer by itself.',
  }),
  inboxPerHost: z.number().int().min(10).max(10_000_000).default(3000).meta({
    title: 'Messages taken from one server in five minutes',
    description: 'More are refused for a while. A server with many followers here earns more.',
  }),
  inboxPerActor: z.number().int().min(10).max(10_000_000).default(300).meta({
    title: 'Messages taken from one account in five minutes',
    description: 'More are refused for a while.',
  }),
});

/** The settings with their defaults filled in. */
export type FederationSettings = z.output<typeof federationSettings>;
