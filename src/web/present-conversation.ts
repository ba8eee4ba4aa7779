import type { Comment } from '../comments/comment.ts';
import { findHiddenParents, listThread } from '../comments/comment-store.ts';
import { nameHtml, withEmojis } from '../content/emoji-html.ts';
import { trustStoredHtml } from '../content/safe-html.ts';
import { webAddress, webHost } from '../content/web-address.ts';
import type { WebDeps } from '../http/server.ts';
import { emojiPictures } from '../pictures/emoji-pictures.ts';
import { type PictureLink, pictureLink } from '../pictures/picture-address.ts';
import type { Post } from '../posts/post.ts';
import {
  countCommentReactions,
  countEmojis,
  countReactions,
  listReactions,
} from '../reactions/reaction-store.ts';
import type { User } from '../users/user.ts';
import { findUsers } from '../users/user-store.ts';
import { presentUser } from './present-author.ts';
import { findImages } from './present-image.ts';
import { directionOf } from './present-language.ts';
import { paths, type SiteFrame } from './present-page.ts';
import { presentPerson } from './present-person.ts';
import { presentPoll } from './present-poll.ts';
import { type ThreadedComment, threadComments } from './thread-comments.ts';
import type { CommentView, ConversationView, ImageView, ReactionsView } from './view-models.ts';

const shownFaces = 8;
const shownPeople = 60;

/** The fragment at which a comment stands on its post's page. */
export function commentAnchor(id: string): string {
  return `comment-${id}`;
}

type Company = {
  post: Post;
  frame: SiteFrame;
  users: Map<string, User>;
  images: Map<string, ImageView>;
  isOpen: boolean;
  link: PictureLink;
  /** Likes and boosts of comments. */
  given: Map<string, { likes: number; boosts: number }>;
  now: Date;
};

function presentComment(
  { comment, depth, answers, answersHidden, replies }: ThreadedComment,
  company: Company,
): CommentView {
  const user = comment.authorUserId === null ? undefined : company.users.get(comment.authorUserId);
  const author = user
    ? presentUser(user, company.images.get(user.avatarId ?? ''))
    : presentPerson(comment.author, company.link);
  const pictures = emojiPictures(comment.emojis, company.link);
  return {
    id: comment.id,
    anchor: commentAnchor(comment.id),
    author,
    byPostAuthor: comment.authorUserId !== null && comment.authorUserId === company.post.authorId,
    warning: comment.warning === null ? null : nameHtml(comment.warning, pictures),
    html: withEmojis(trustStoredHtml(comment.html), pictures),
    poll: comment.poll && presentPoll(comment.poll, company.frame.print, company.now),
    published: company.frame.print.moment(comment.createdAt),
    // What comes from elsewhere is dated there and stored later; only our own times can be compared.
    edited: comment.source === 'web' && comment.updatedAt > comment.createdAt,
    answersHidden,
    given: company.given.get(comment.id) ?? null,
    inAnswerTo: answers && { name: answers.author.name, anchor: commentAnchor(answers.id) },
    // Where there is a link, the label names the place that it leads to, whatever its writer is called elsewhere.
    origin:
      comment.source === 'web'
        ? null
        : {
            label: webHost(comment.externalUrl) ?? author.host ?? comment.source,
            url: webAddress(comment.externalUrl),
          },
    answerUrl: company.isOpen ? `${paths.post(company.post)}?answer=${comment.id}#comment-form` : null,
    language: comment.language,
    direction: comment.language === null ? null : directionOf(comment.language),
    depth,
    replies: replies.map((reply) => presentComment(reply, company)),
  };
}

async function presentReactions(deps: WebDeps, post: Post, link: PictureLink): Promise<ReactionsView[]> {
  const counts = await countReactions(deps.db, post.id);
  const shown: ReactionsView[] = [];
  for (const kind of ['like', 'boost', 'quote'] as const) {
    const count = counts[kind];
    if (count === 0) continue;
    const reactions = await listReactions(deps.db, { postId: post.id, kind, limit: shownPeople });
    const people = reactions.map((reaction) => presentPerson(reaction, link));
    const emojis = kind === 'like' ? await countEmojis(deps.db, post.id) : [];
    shown.push({
      kind,
      count,
      emojis: emojis.map(({ emoji, emojiUrl, count: given }) => ({
        text: emoji,
        pictureUrl: emojiUrl && link('emoji', emojiUrl),
        count: given,
      })),
      faces: people.slice(0, shownFaces).map((person) => person.avatar),
      people,
      more: Math.max(0, count - people.length),
    });
  }
  return shown;
}

/** Comments, likes, boosts and quotes below a post; the form is added by who knows the reader. */
export async function presentConversation(
  deps: WebDeps,
  frame: SiteFrame,
  post: Post,
): Promise<ConversationView & { comments: Comment[] }> {
  const comments = await listThread(deps.db, post.id);
  const userIds = comments.map((comment) => comment.authorUserId).filter((id) => id !== null);
  const users = await findUsers(deps.db, [...new Set(userIds)]);
  const images = await findImages(
    deps,
    [...users.values()].map((user) => user.avatarId),
  );
  const isOpen = post.commentsOpen && frame.settings.commentsOpen && post.status === 'published';
  const link = pictureLink(deps);
  const given = await countCommentReactions(deps.db, post.id);
  const company: Company = { post, frame, users, images, isOpen, link, given, now: deps.clock.now() };
  const hidden = await findHiddenParents(deps.db, comments);
  return {
    comments,
    count: comments.length,
    threads: threadComments(comments, hidden).map((thread) => presentComment(thread, company)),
    reactions: await presentReactions(deps, post, link),
    open: isOpen,
    form: null,
    notice: null,
  };
}
