import { definePlugin } from 'outpost/plugin';
import { federationActions } from './actions.ts';
import { actorRoutes } from './actors/actor-routes.ts';
import { discoveryRoutes } from './actors/discovery-routes.ts';
import { orderKeys, prepareKeys } from './actors/prepare-keys.ts';
import { adminPages, adminRoutes } from './admin/admin-pages.ts';
import { cardRoutes } from './cards/card-routes.ts';
import { showCards } from './cards/show-cards.ts';
import { commands } from './cli.ts';
import { commentSource, permissions } from './context.ts';
import { federationMetrics, healthChecks } from './health.ts';
import { inboxRoutes } from './inbox/routes.ts';
import { federationJobs, schedules } from './jobs.ts';
import { suggestPeople } from './mentions/suggest-people.ts';
import { tables } from './migrations/001-tables.ts';
import { signatures } from './migrations/002-signatures.ts';
import { delivery } from './migrations/003-delivery.ts';
import { threads } from './migrations/004-threads.ts';
import { quotes } from './migrations/005-quotes.ts';
import { actors } from './migrations/006-actors.ts';
import { following } from './migrations/007-following.ts';
import { cards } from './migrations/008-cards.ts';
import { posts } from './migrations/009-posts.ts';
import { objectRoutes } from './objects/object-routes.ts';
import { addAddress, addHeaders, addHeadTags, fillSlot } from './pages/page-filters.ts';
import { remoteRoutes } from './pages/remote-routes.ts';
import { authorizationRoutes } from './policies/authorization-routes.ts';
import { postFields } from './post-fields.ts';
import { representations } from './representations.ts';
import { signedOnly, signedOnlyForms } from './secure/signed-only.ts';
import { federationSettings } from './settings.ts';

/** Makes each author an actor of the Fediverse: whom others follow, whose posts they get, and whom they answer. */
export default definePlugin({
  id: 'federation',
  name: 'Federation',
  version: '1.0.0',
  apiVersion: 1,
  description:
    'Lets people on Mastodon and elsewhere follow the authors, and brings their answers here as comments.',
  source: commentSource,
  onByDefault: true,
  permissions,
  settings: federationSettings,
  postFields,
  migrations: {
    '001-tables': tables,
    '002-signatures': signatures,
    '003-delivery': delivery,
    '004-threads': threads,
    '005-quotes': quotes,
    '006-actors': actors,
    '007-following': following,
    '008-cards': cards,
    '009-posts': posts,
  },
  actions: { ...federationActions, 'user.created': (_user, context) => orderKeys(context) },
  filters: {
    'post.html': showCards,
    'page.head': addHeadTags,
    'page.headers': addHeaders,
    'page.slot': fillSlot,
    'author.addresses': addAddress,
    'people.suggested': suggestPeople,
  },
  routes: [
    ...discoveryRoutes,
    ...inboxRoutes,
    ...signedOnly([...actorRoutes, ...objectRoutes, ...authorizationRoutes]),
    ...remoteRoutes,
    ...cardRoutes,
    ...adminRoutes,
  ],
  representations: signedOnlyForms(representations),
  jobs: { ...federationJobs, keys: { handler: prepareKeys } },
  schedules,
  commands,
  adminPages,
  health: healthChecks,
  metrics: federationMetrics,
  failpoints: [
    'deliver.after-claim',
    'deliver.after-sign',
    'deliver.before-mark',
    'inbox.before-commit',
    'inbox.after-commit',
  ],
  assets: 'assets',
  views: 'views',
  start: orderKeys,
});
