import { z } from 'outpost/plugin';
import { readCommunityName } from './communities/community.ts';
import { formWords } from './forms/form-words.ts';
import { policyFields } from './policies/policy-settings.ts';

/** What a writer can say about one post to other servers; the form beside the text is drawn from it. */
export const postFields = z.object({
  form: z.enum(['default', 'article', 'full-text', 'own-words']).default('default').meta({
    title: 'Sent to followers as',
    description:
      'An article shows title and teaser on Mastodon and opens here. The full text is read there. Own words are what you write below, with a link.',
    labels: formWords,
  }),
  words: z.string().max(5_000, 'At most 5,000 characters.').default('').meta({
    title: 'Own words for the Fediverse',
    description: 'What followers read instead of the text. The link to the post is added.',
    format: 'textarea',
  }),
  contentWarning: z.string().max(200, 'At most 200 characters.').default('').meta({
    title: 'Content warning',
    description: 'What readers elsewhere are told before they see the post, such as “spiders”.',
  }),
  ...policyFields,
  communities: z
    .array(
      z
        .string()
        .refine((name) => readCommunityName(name) !== null, 'Name each as !name@host, or by its address.'),
    )
    .max(5, 'At most 5 communities.')
    .default([])
    .meta({
      title: 'Communities',
      description:
        'Where the post appears too, such as !cooking@lemmy.example, one on each line. Lemmy and Mbin show a post in one community alone, the first.',
    }),
  pinned: z.boolean().default(false).meta({
    title: 'At the top of the profile on other servers',
    description: 'Mastodon and others show up to five such posts above the newest.',
  }),
  coAuthors: z.array(z.string()).max(20, 'At most 20 names.').default([]).meta({
    title: 'Written together with',
    description: 'User names of this site, one on each line. They are named, and boost the post.',
  }),
});

/** The values of one post, with their defaults filled in. */
export type FederationPostFields = z.output<typeof postFields>;
