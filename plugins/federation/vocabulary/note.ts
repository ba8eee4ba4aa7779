import type { Policy } from '../policies/rules.ts';
import { PUBLIC } from './audience.ts';
import { contentOf, mentionLink, type OutgoingMention } from './content-out.ts';
import { type Json, objectContext } from './context-out.ts';
import { interactionPolicyOf } from './policy-out.ts';
import { mentionTag } from './post-members.ts';

/** What a comment's object is made from. */
export type NoteInput = {
  id: string;
  /** The author's actor. */
  actor: string;
  /** The comment's text, sanitised. */
  html: string;
  language: string;
  /** The comment on its page. */
  url: string;
  /** The object that is answered. */
  inReplyTo: string;
  /** The post's discussion. */
  discussion: string;
  mentions: readonly OutgoingMention[];
  /** What others may do with it. */
  policy: Policy;
  createdAt: string;
  updatedAt: string;
};

/**
 * A comment of an author of this site as a Note. Whoever is answered is mentioned, in the text as well where it does not
 * name them, because some servers tell people of nothing else.
 * Source: ActivityStreams 2.0 Vocabulary, section 3.3; Mastodon, "ActivityPub"
 */
export function noteOf(input: NoteInput): Json {
  const { mentions, language } = input;
  const content = withGreeting(contentOf(input.html, mentions), mentions);
  return {
    '@context': objectContext,
    id: input.id,
    type: 'Note',
    attributedTo: input.actor,
    inReplyTo: input.inReplyTo,
    content,
    contentMap: { [language]: content },
    mediaType: 'text/html',
    url: input.url,
    published: input.createdAt,
    ...(input.updatedAt > input.createdAt && { updated: input.updatedAt }),
    to: [PUBLIC],
    cc: [`${input.actor}/followers`, ...mentions.map((mention) => mention.id)],
    tag: mentions.map(mentionTag),
    context: input.discussion,
    conversation: input.discussion,
    interactionPolicy: interactionPolicyOf(input.policy, {
      author: input.actor,
      followers: `${input.actor}/followers`,
      mentioned: mentions.map((mention) => mention.id),
    }),
  };
}

function withGreeting(content: string, mentions: readonly OutgoingMention[]): string {
  const unnamed = mentions.filter(({ url }) => !content.includes(`href="${url.replaceAll('&', '&amp;')}"`));
  if (unnamed.length === 0) return content;
  const greeting = unnamed.map(mentionLink).join(' ');
  return content.startsWith('<p>') ? `<p>${greeting} ${content.slice(3)}` : `<p>${greeting}</p>${content}`;
}
