import type { Route } from 'outpost/plugin';
import { hadKey } from '../actors/keys.ts';
import { findAuthor } from '../actors/local-actors.ts';
import type { FederationContext } from '../context.ts';
import { receive } from './receive.ts';

/** Source: ActivityPub section 7; plain JSON is what some versions of Pixelfed say. */
const body = {
  types: ['application/activity+json', 'application/ld+json', 'application/json'],
  maxBytes: 1_048_576,
} as const;

/** Where other servers send what they have to say. */
export const inboxRoutes: readonly Route<FederationContext>[] = [
  { method: 'POST', path: '/ap/inbox', access: 'public', body, handler: receive },
  {
    method: 'POST',
    path: '/ap/users/:userId/inbox',
    access: 'public',
    body,
    async handler(request, context) {
      const userId = request.params.userId ?? '';
      if (await findAuthor(context, userId)) return receive(request, context);
      const wasHere = await hadKey(context, userId);
      const detail = wasHere ? 'This account does not exist any more.' : 'There is no such account.';
      const status = wasHere ? 410 : 404;
      return {
        status,
        headers: { 'Content-Type': 'application/problem+json' },
        body: JSON.stringify({ type: 'about:blank', status, detail }),
      };
    },
  },
];
