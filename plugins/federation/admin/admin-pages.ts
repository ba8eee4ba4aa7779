import type { AdminPage, Route } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { accountPage } from './account-page.ts';
import { blocksPage } from './blocks-page.ts';
import { deliveriesPage } from './deliveries-page.ts';
import { allProgressRoute, deliveryPage, progressRoute } from './delivery-page.ts';
import { followersPage } from './followers-page.ts';
import { followingPage } from './following-page.ts';
import { messagesPage } from './messages-page.ts';
import { quotesPage } from './quotes-page.ts';
import { reactionsPage } from './reactions-page.ts';
import { serverPage } from './server-page.ts';
import { serversPage } from './servers-page.ts';

/** The pages of this plugin in the admin. */
export const adminPages: readonly AdminPage<FederationContext>[] = [
  followersPage,
  followingPage,
  accountPage,
  messagesPage,
  quotesPage,
  deliveriesPage,
  deliveryPage,
  reactionsPage,
  serversPage,
  serverPage,
  blocksPage,
];

/** What those pages ask for while they are open. */
export const adminRoutes: readonly Route<FederationContext>[] = [allProgressRoute, progressRoute];
