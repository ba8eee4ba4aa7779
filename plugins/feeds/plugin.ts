import { definePlugin } from 'outpost/plugin';
import { feedRoutes } from './answer-feed.ts';
import { permissions } from './context.ts';
import { addDiscovery } from './discovery.ts';
import { feedSettings } from './settings.ts';

export default definePlugin({
  id: 'feeds',
  name: 'Feeds',
  version: '1.0.0',
  apiVersion: 1,
  description: 'RSS, Atom and JSON Feed for the blog and for each author, tag and category.',
  onByDefault: true,
  permissions,
  settings: feedSettings,
  routes: feedRoutes,
  filters: { 'page.head': addDiscovery },
});
