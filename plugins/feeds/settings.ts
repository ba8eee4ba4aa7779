import { z } from 'outpost/plugin';

const isHub = (value: string) => value === '' || /^https?:\/\/[^\s/]/.test(value);

/** What the owner can set about feeds; the form in the admin is drawn from it. */
export const feedSettings = z.object({
  entries: z.number().int().min(1).max(100).default(20).meta({
    title: 'Posts in a feed',
    description: 'The newest ones, each with its whole text.',
  }),
  hub: z
    .string()
    .trim()
    .max(2000)
    .refine(isHub, 'Give an address that begins with https://, or leave it empty.')
    .default('')
    .meta({
      title: 'WebSub hub',
      description:
        'The address of a hub that watches these feeds and tells its subscribers at once. Feeds then name it.',
    }),
});

/** The settings with their defaults filled in. */
export type FeedSettings = z.output<typeof feedSettings>;
