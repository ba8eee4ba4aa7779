import type { Request, Response } from 'express';
import { countComments } from '../comments/comment-store.ts';
import { countDeadJobs } from '../jobs/job-store.ts';
import { findMedium } from '../media/media-store.ts';
import { type SiteSettings, siteSettings } from '../settings/site-settings.ts';
import { may, type User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';
import { takeNotice } from './notice.ts';
import { pluginMenu } from './plugin-menu.ts';
import { mediaPath, thumbnailOf } from './present-media.ts';
import { type TimePrinter, timePrinter } from './present-time.ts';
import type { MenuEntryView, ShellView } from './view-models.ts';

type MenuEntry = Omit<MenuEntryView, 'count' | 'current'>;

/** The core's own entries that somebody may open, in the order of the menu; the first four stand in the phone's bar. */
function coreMenu(user: User): MenuEntry[] {
  const entries: MenuEntry[] = [{ key: 'home', label: 'Home', href: '/admin', icon: 'home' }];
  if (may(user, 'posts.write'))
    entries.push({ key: 'posts', label: 'Posts', href: '/admin/posts', icon: 'posts' });
  if (may(user, 'comments.moderate'))
    entries.push({ key: 'comments', label: 'Comments', href: '/admin/comments', icon: 'comments' });
  if (may(user, 'media.add'))
    entries.push({ key: 'media', label: 'Media', href: '/admin/media', icon: 'media' });
  if (may(user, 'posts.editOthers'))
    entries.push({ key: 'pages', label: 'Pages', href: '/admin/pages', icon: 'pages' });
  return entries;
}

/** @param givenUp how many tasks were given up; without any their page is not in the menu */
function ownerMenu(user: User, givenUp: number): MenuEntry[] {
  if (!may(user, 'site.manage')) return [];
  const tasks: MenuEntry = { key: 'tasks', label: 'Given up', href: '/admin/tasks', icon: 'list' };
  return [
    ...(givenUp > 0 ? [tasks] : []),
    { key: 'users', label: 'People', href: '/admin/users', icon: 'people' },
    { key: 'plugins', label: 'Plugins', href: '/admin/plugins', icon: 'plugins' },
    { key: 'settings', label: 'Settings', href: '/admin/settings', icon: 'settings' },
  ];
}

/** The first letter of a name, for a face without a picture. */
export function initialOf(name: string): string {
  const segments = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(name.replace(/^@/, ''));
  return [...segments][0]?.segment.toUpperCase() ?? '?';
}

/** The address of somebody's picture, or null. */
export async function avatarUrlOf(deps: AdminDeps, user: Pick<User, 'avatarId'>): Promise<string | null> {
  const medium = user.avatarId === null ? null : await findMedium(deps.db, user.avatarId);
  return medium ? (thumbnailOf(medium) ?? mediaPath(medium.file)) : null;
}

/** The owner's settings and clock, which nearly every page needs. */
export async function pageFacts(deps: AdminDeps): Promise<{ site: SiteSettings; print: TimePrinter }> {
  const site = await siteSettings(deps.db);
  return { site, print: timePrinter(site.timeZone, deps.clock.now()) };
}

type Page = {
  view: string;
  heading: string;
  /** The menu's entry that is lit. */
  section: string;
  data: object;
  status?: number;
};

/** Sends a page of the admin with everything that stands around it. */
export async function renderAdmin(deps: AdminDeps, req: Request, res: Response, page: Page): Promise<void> {
  const { user, session } = req.visitor;
  if (!user || !session) throw new Error('A page of the admin was rendered for nobody.');
  const site = await siteSettings(deps.db);
  const pending = may(user, 'comments.moderate') ? await countComments(deps.db, { status: 'pending' }) : 0;
  const givenUp = may(user, 'site.manage') ? await countDeadJobs(deps.db) : 0;
  const counts = new Map([
    ['comments', pending],
    ['tasks', givenUp],
  ]);
  const entries = [...coreMenu(user), ...pluginMenu(deps, user), ...ownerMenu(user, givenUp)];
  const shell: ShellView = {
    heading: page.heading,
    section: page.section,
    siteTitle: site.title,
    siteUrl: '/',
    menu: entries.map((entry) => ({
      ...entry,
      count: counts.get(entry.key) || null,
      current: entry.key === page.section,
    })),
    me: {
      name: user.name,
      username: user.username,
      avatarUrl: await avatarUrlOf(deps, user),
      initial: initialOf(user.name),
    },
    csrf: session.csrfToken,
    notice: takeNotice(deps, req, res),
  };
  const html = await deps.admin.render(page.view, { shell, view: page.data });
  res
    .status(page.status ?? 200)
    .type('html')
    .send(html.toString());
}
