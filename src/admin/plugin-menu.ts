import type { AdminPage } from '../plugin-host/api.ts';
import { type Deed, may, type User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';

type Access = AdminPage<never>['access'];

/** What somebody must be allowed to do in order to open a plugin's page. */
export const deedForAccess: Readonly<Record<Access, Deed>> = {
  admin: 'site.manage',
  moderator: 'comments.moderate',
  author: 'posts.write',
};

const bare = (path: string) => path.replace(/^\/+|\/+$/g, '');

/** The address of a plugin's page in the admin. */
export function pluginPageHref(pluginId: string, path: string): string {
  return bare(path) === '' ? `/admin/${pluginId}` : `/admin/${pluginId}/${bare(path)}`;
}

/** The key under which a plugin's page stands in the menu. */
export function pluginPageKey(pluginId: string, path: string): string {
  return `${pluginId}-${bare(path).replaceAll('/', '-')}`;
}

/** The menu entries of the plugins that are on, for pages that this user may open. */
export function pluginMenu(
  deps: Pick<AdminDeps, 'plugins'>,
  user: User,
): { key: string; label: string; href: string; icon: string }[] {
  return deps.plugins
    .adminPages()
    .filter((page) => page.menu && !page.path.includes(':') && may(user, deedForAccess[page.access]))
    .map(({ plugin, path, title, icon }) => ({
      key: pluginPageKey(plugin.definition.id, path),
      label: title,
      href: pluginPageHref(plugin.definition.id, path),
      icon: icon ?? 'plugin',
    }));
}
