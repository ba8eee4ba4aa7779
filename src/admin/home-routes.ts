import type { Router } from 'express';
import { countComments } from '../comments/comment-store.ts';
import { countDeadJobs } from '../jobs/job-store.ts';
import { countPosts, listPosts } from '../posts/post-store.ts';
import { listSettings } from '../settings/setting-store.ts';
import { may, type User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';
import { signedIn } from './admin-request.ts';
import { nameOf, pathOf } from './present-posts.ts';
import { pageFacts, renderAdmin } from './render-admin.ts';
import type { HomeView, TodoView } from './view-models.ts';

const shown = 5;

/** Whether only this machine can reach the blog. */
function isLocal(origin: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname);
}

async function todosFor(deps: AdminDeps, user: User, drafts: HomeView['drafts']): Promise<TodoView[]> {
  const hasPublished =
    (await countPosts(deps.db, { type: 'post', status: 'published', authorId: user.id })) > 0;
  const decided = Object.keys(await listSettings(deps.db, 'site.'));
  const todos: TodoView[] = [];
  if (may(user, 'posts.publish')) {
    const text =
      drafts.length > 0
        ? 'A draft is waiting that explains itself. Change it, or write your own.'
        : 'It need not be good, only finished.';
    todos.push({
      title: 'Publish your first post',
      text,
      href: drafts[0]?.href ?? '/admin/posts/new',
      done: hasPublished,
    });
  }
  const hasProfile = user.bio !== '' || user.avatarId !== null || user.links.length > 0;
  todos.push({
    title: 'Say who you are',
    text: 'A picture, a sentence, a link or two. They stand on your page and below your posts.',
    href: '/admin/profile',
    done: hasProfile,
  });
  if (may(user, 'site.manage')) {
    const hasSettings = ['site.tagline', 'site.timeZone', 'site.accentHue'].some((key) =>
      decided.includes(key),
    );
    todos.push({
      title: 'Look at the settings',
      text: 'Language, time zone, and the colour of the theme.',
      href: '/admin/settings',
      done: hasSettings,
    });
  }
  return todos;
}

async function waitingFor(deps: AdminDeps, user: User): Promise<HomeView['waiting']> {
  const waiting: HomeView['waiting'] = [];
  if (may(user, 'comments.moderate')) {
    const count = await countComments(deps.db, { status: 'pending' });
    if (count > 0)
      waiting.push({
        text: count === 1 ? 'comment to read' : 'comments to read',
        href: '/admin/comments',
        count,
      });
  }
  if (may(user, 'posts.editOthers')) {
    const count = await countPosts(deps.db, { status: 'review' });
    if (count > 0)
      waiting.push({
        text: count === 1 ? 'post to review' : 'posts to review',
        href: '/admin/posts?status=review',
        count,
      });
  }
  if (may(user, 'site.manage')) {
    const count = await countDeadJobs(deps.db);
    if (count > 0)
      waiting.push({
        text: count === 1 ? 'task that was given up' : 'tasks that were given up',
        href: '/admin/tasks',
        count,
      });
  }
  return waiting;
}

/** Gathers the first page: where one is found, what waits, what is begun and what is out. */
async function homeData(deps: AdminDeps, user: User): Promise<HomeView> {
  const { print } = await pageFacts(deps);
  const { origin } = deps.config;
  const own = await deps.hooks.filters.apply('author.addresses', [], { userId: user.id });
  const added = await deps.hooks.filters.apply('page.slot', [], {
    slot: 'admin.home',
    subject: { kind: 'other' },
  });
  const drafts = await listPosts(deps.db, {
    type: 'post',
    status: 'draft',
    authorId: user.id,
    limit: shown,
    order: 'updated',
  });
  const published = await listPosts(deps.db, {
    type: 'post',
    status: 'published',
    authorId: user.id,
    limit: shown,
  });
  const draftViews = drafts.map((post) => ({
    title: nameOf(post),
    href: `/admin/posts/${post.id}`,
    saved: print(post.updatedAt),
  }));
  const publishedViews = [];
  for (const post of published) {
    const comments = await countComments(deps.db, { postId: post.id, status: 'approved' });
    publishedViews.push({
      title: nameOf(post),
      href: `/admin/posts/${post.id}`,
      url: pathOf(post),
      when: print(post.publishedAt ?? post.updatedAt),
      comments,
    });
  }
  const todos = await todosFor(deps, user, draftViews);
  return {
    addresses: [
      { label: 'Your blog', value: origin, href: '/', help: null },
      ...own.map(({ label, value }) => ({ label, value, href: null, help: null })),
    ],
    addressesNote: isLocal(origin)
      ? 'On localhost nobody outside can reach or follow this blog yet. Set OUTPOST_URL to its public address before the first post goes out: once another server knows the blog, its address is for good.'
      : null,
    todos,
    todosDone: todos.every((todo) => todo.done),
    waiting: await waitingFor(deps, user),
    drafts: draftViews,
    published: publishedViews,
    widgets: [...added],
  };
}

/** The first page. */
export function addHomeRoutes(router: Router, deps: AdminDeps): void {
  router.get('/admin', async (req, res) => {
    const { user } = signedIn(req);
    await renderAdmin(deps, req, res, {
      view: 'home',
      heading: 'Home',
      section: 'home',
      data: await homeData(deps, user),
    });
  });
}
