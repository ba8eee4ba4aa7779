import type { AdminPage, Reaction } from 'outpost/plugin';
import { commentSource, type FederationContext, tablesOf } from '../context.ts';
import { listQuotes } from '../quotes/quote-store.ts';
import { lookBelow } from '../threads/look.ts';
import { faceUrl, placesFor, postFor, signedIn, timeView, titleOf } from './present.ts';
import { presentQuotes } from './quotes-page.ts';

const mostRows = 200;

/** What a post got from other servers: likes, boosts and answers. */
export const reactionsPage: AdminPage<FederationContext> = {
  path: 'posts/:postId',
  title: 'Likes, boosts and answers',
  menu: false,
  access: 'author',
  async load(request, context) {
    const post = await postFor(request, context);
    const postId = post.id;
    const [counts, likes, dislikes, boosts, quotes, comments] = await Promise.all([
      context.reactions.count(postId),
      context.reactions.list({ postId, kind: 'like', limit: mostRows }),
      context.reactions.list({ postId, kind: 'dislike', limit: mostRows }),
      context.reactions.list({ postId, kind: 'boost', limit: mostRows }),
      listQuotes(tablesOf(context), { postId, states: ['counted', 'waiting'], limit: mostRows }),
      context.comments.list({ postId, status: 'all', limit: mostRows }),
    ]);
    const answers = comments.filter(
      ({ source, status }) => source === commentSource && (status === 'approved' || status === 'pending'),
    );
    return {
      view: 'admin/reactions',
      title: `Likes, boosts and answers: ${titleOf(post)}`,
      data: {
        places: placesFor(context, signedIn(request), 'deliveries'),
        url: post.status === 'published' ? context.urls.post(post) : null,
        deliveriesHref: context.urls.admin(`deliveries/${postId}`),
        groups: [
          { title: 'Likes', total: counts.like, people: likes.map((like) => present(context, like)) },
          // Few servers know them, and most authors never get one.
          ...(counts.dislike > 0
            ? [
                {
                  title: 'Dislikes',
                  total: counts.dislike,
                  people: dislikes.map((dislike) => present(context, dislike)),
                },
              ]
            : []),
          { title: 'Boosts', total: counts.boost, people: boosts.map((boost) => present(context, boost)) },
        ],
        quotes: await presentQuotes(context, quotes),
        quotesHref: context.urls.admin('quotes'),
        answers: answers.map((comment) => ({
          name: comment.author.name,
          handle: comment.author.handle ?? '',
          url: comment.externalUrl,
          text: comment.text.slice(0, 300),
          isWaiting: comment.status === 'pending',
          when: timeView(comment.createdAt),
        })),
        canLook: answers.length > 0 && post.status === 'published',
      },
    };
  },
  deeds: {
    async look(request, context) {
      const post = await postFor(request, context);
      const asked = await lookBelow(context, post.id);
      return {
        notice:
          asked === 0
            ? 'There is nobody to ask yet.'
            : 'The servers of the answers are being asked. What is found waits among the comments.',
      };
    },
  },
};

function present(
  context: FederationContext,
  { name, handle, url, actorId, avatarUrl, emoji, emojiUrl, createdAt }: Reaction,
) {
  return {
    name,
    handle: handle ?? actorId,
    url: url ?? actorId,
    avatarUrl: faceUrl(context, avatarUrl),
    initial: [...name][0]?.toUpperCase() ?? '?',
    emoji,
    emojiUrl: emojiUrl && context.urls.picture('emoji', emojiUrl),
    when: timeView(createdAt),
  };
}
