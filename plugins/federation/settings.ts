import { z } from 'outpost/plugin';

/** What the owner can set about federation; the form in the admin is drawn from it. */
export const federationSettings = z.object({
  sendSummary: z.boolean().default(true).meta({
    title: 'Send a summary with each post',
    description:
      'Mastodon shows nothing else of a post but its title and this. Misskey, Pleroma and GoToSocial fold the text behind it.',
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
    title: 'Mail about waiting comments from the Fediverse',
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
