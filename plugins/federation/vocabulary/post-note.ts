import { actorIdOf, postIdOf } from '../addresses.ts';
import { warningOf } from './article.ts';
import { contentOf, hashtagLink } from './content-out.ts';
import { type Json, objectContext } from './context-out.ts';
import { escapeMarkup, oneLine } from './escape.ts';
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

/**
 * A post as a Note: everything that a reader gets is in the content, which every server shows, and the pictures are
 * attached. It has no name, since some take that for a warning or a vote.
 * Source: ActivityStreams 2.0 Vocabulary, section 3.3; Mastodon, "ActivityPub" (Note, sensitive, summary)
 */
export function postNoteOf(input: PostObjectInput): Json {
  return smallEnough((extent) => build(input, extent));
}

function build(input: PostObjectInput, { withSource, teaser }: Extent): Json {
  const { origin, post, rendered, url } = input;
  const { language } = rendered;
  const id = postIdOf(origin, post);
  const actor = actorIdOf(origin, input.author.id);
  const warning = warningOf(input);
  const title = oneLine(post.title);
  const text = teaser ? teaserOf(rendered.excerpt, url) : textOf(input);
  const heading =
    title && input.manner !== 'own-words' ? `<p><strong>${escapeMarkup(title)}</strong></p>` : '';
  const content = heading + text + bylineOf(input) + hashtagLine(input, text);
  const attachments = attachmentsOf(input);
  const isWhole = withSource && heading === '' && input.manner !== 'own-words';
  return {
    '@context': objectContext,
    id,
    type: 'Note',
    attributedTo: actor,
    ...(warning && { summary: warning, summaryMap: { [language]: warning }, sensitive: true }),
    content,
    contentMap: { [language]: content },
    mediaType: 'text/html',
    ...(isWhole && { source: sourceOf(post, origin) }),
    ...publicationOf(input),
    ...(attachments.length > 0 && { attachment: attachments }),
    tag: tagsOf(input),
    ...countMembersOf(id, input.counts),
    ...discussionOf(id),
    interactionPolicy: postPolicyOf(input),
  };
}

function textOf(input: PostObjectInput): string {
  if (input.manner === 'own-words') return wordsOf(input);
  const { images, recordings } = input.rendered;
  const attached = new Set([...images, ...recordings].map(({ url }) => url));
  return contentOf(String(input.rendered.html), named(input), { hashtags: hashtagsOf(input), attached });
}

/** Tags that the text does not name, for servers where people follow tags by their link. */
function hashtagLine(input: PostObjectInput, text: string): string {
  const missing = hashtagsOf(input).filter(
    ({ name }) => !text.toLowerCase().includes(`>#<span>${name.toLowerCase()}</span>`),
  );
  return missing.length === 0 ? '' : `<p>${missing.map(hashtagLink).join(' ')}</p>`;
}
