import { z } from 'outpost/plugin';

/** What a writer can say about one post to other servers; the form beside the text is drawn from it. */
export const postFields = z.object({});

/** The values of one post, with their defaults filled in. */
export type FederationPostFields = z.output<typeof postFields>;
