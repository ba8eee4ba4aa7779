import { actorIdOf, postIdOf } from '../addresses.ts';
import { contentOf } from './content-out.ts';
import { type Json, objectContext } from './context-out.ts';
import { beginningOf, escapeMarkup, oneLine } from './escape.ts';
import { wordsOf } from './own-words.ts';
import {
  attachmentsOf,
  bylineOf,
  countMembersOf,
  discussionOf,
  type Extent,
  hashtagsOf,
  named,
  type PostObjectInput,
  postPolicyOf,
  publicationOf,
  smallEnough,
  sourceOf,
  tagsOf,
  teaserOf,
} from './post-members.ts';

const MAX_NAME_LENGTH = 200;
/** Misskey loses a post whose warning is longer than 512. */
const MAX_SUMMARY_LENGTH = 500;

/**
 * A post as an Article, in the one shape that works nearly everywhere. Where it would be too large for some, it goes
 * without its source; where that does not help, its beginning goes with a link to the rest.
 * Source: ActivityStreams 2.0 Vocabulary, section 3.3; FEP-b2b8 (preview); ActivityPub, section 3.3 (source)
 */
export function articleOf(input: PostObjectInput): Json {
  return smallEnough((extent) => build(input, extent));
}

function build(input: PostObjectInput, { withSource, teaser }: Extent): Json {
  const { origin, post, rendered, url } = input;
  const { language } = rendered;
  const id = postIdOf(origin, post);
  const actor = actorIdOf(origin, input.author.id);
  const published = post.publishedAt ?? post.createdAt;
  const excerpt = beginningOf(oneLine(rendered.excerpt), MAX_SUMMARY_LENGTH);
  const name = beginningOf(oneLine(post.title) || beginningOf(excerpt, 80), MAX_NAME_LENGTH);
  const warning = warningOf(input);
  const summary = warning || summaryOf(input, excerpt);
  const content = (teaser ? teaserOf(excerpt, url) : textOf(input)) + bylineOf(input);
  const attachments = attachmentsOf(input);
  const lead = attachments.find(({ type }) => type === 'Image');
  return {
    '@context': objectContext,
    id,
    type: 'Article',
    attributedTo: actor,
    ...(name && { name, nameMap: { [language]: name } }),
    ...(summary && { summary, summaryMap: { [language]: summary } }),
    ...(warning && { sensitive: true }),
    content,
    contentMap: { [language]: content },
    mediaType: 'text/html',
    ...(withSource && input.manner !== 'own-words' && { source: sourceOf(post, origin) }),
    ...publicationOf(input),
    ...(lead && { image: lead }),
    ...(attachments.length > 0 && { attachment: attachments }),
    tag: tagsOf(input),
    ...countMembersOf(id, input.counts),
    ...discussionOf(id),
    interactionPolicy: postPolicyOf(input),
    preview: {
      type: 'Note',
      attributedTo: actor,
      content: `${name && `<p><strong>${escapeMarkup(name)}</strong></p>`}${teaserOf(warning || excerpt, url)}`,
      published,
    },
  };
}

/**
 * The teaser, which Mastodon shows below the title. Words of the writer's own are sent even where summaries are not: who
 * wrote them wants them read.
 */
function summaryOf({ manner, words, sendSummary }: PostObjectInput, excerpt: string): string {
  if (manner === 'own-words' && words.trim() !== '') return beginningOf(oneLine(words), MAX_SUMMARY_LENGTH);
  return sendSummary && manner !== 'full-text' ? excerpt : '';
}

/** What readers are warned of, short enough for all. */
export function warningOf({ contentWarning }: Pick<PostObjectInput, 'contentWarning'>): string {
  return beginningOf(oneLine(contentWarning), MAX_SUMMARY_LENGTH);
}

function textOf(input: PostObjectInput): string {
  if (input.manner === 'own-words') return wordsOf(input);
  return contentOf(String(input.rendered.html), named(input), { hashtags: hashtagsOf(input) });
}
