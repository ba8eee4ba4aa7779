import express from 'express';
import { beforeAll, expect, test } from 'vitest';
import type { AdminDeps } from '../../src/admin/admin-deps.ts';
import { addAdminRoutes } from '../../src/admin/routes.ts';
import { createUser } from '../../src/users/accounts.ts';
import { type Role, roles } from '../../src/users/user.ts';
import type { Client } from '../support/create-test-app.ts';
import { shareBlog } from './share-blog.ts';

const blog = shareBlog();

/** Who gets in, by the longest beginning of the path that fits. A route that no line speaks of fails the test. */
const admitted: readonly (readonly [beginning: string, roles: readonly Role[]])[] = [
  ['/admin/users', ['admin']],
  ['/admin/settings', ['admin']],
  ['/admin/plugins', ['admin']],
  ['/admin/tasks', ['admin']],
  ['/admin/pages', ['admin', 'editor']],
  ['/admin/comments', ['admin', 'editor']],
  ['/admin/media', ['admin', 'editor', 'author']],
  ['/admin/people', ['admin', 'editor', 'author', 'contributor']],
  ['/admin/posts', ['admin', 'editor', 'author', 'contributor']],
  ['/admin/profile', roles],
  ['/admin/sessions', roles],
];

type AdminRoute = { method: 'get' | 'post'; path: string };

/** Every route of the admin, read from the router itself. */
function listRoutes(): AdminRoute[] {
  const router = express.Router();
  // Adding routes uses the logger and nothing else; no request is ever sent to this router.
  addAdminRoutes(router, { log: blog().app.deps.log } as AdminDeps);
  return router.stack.flatMap(({ route }) => {
    if (!route?.path.startsWith('/admin/') || route.path.includes('*')) return [];
    const path = route.path.replaceAll(':id', '01900000-0000-7000-8000-000000000000');
    return route.stack.map(({ method }) => ({ method: method === 'get' ? 'get' : 'post', path }) as const);
  });
}

const rolesFor = (path: string) => admitted.find(([beginning]) => path.startsWith(beginning))?.[1];

/** Nothing is changed for good by what is sent: names are missing, ids are of nothing. */
function request(
  client: Client,
  { method, path }: AdminRoute,
  headers: Record<string, string> = {},
  csrf?: string,
): Promise<Response> {
  return method === 'get'
    ? client.get(path, headers)
    : client.post(path, csrf === undefined ? {} : { csrf }, headers);
}

const clients = new Map<Role, { client: Client; csrf: string }>();

beforeAll(async () => {
  for (const role of roles) {
    const login = { username: `one_${role}`, password: 'correct horse battery' };
    await createUser(blog().app.deps, { ...login, email: `${role}@blog.example`, role });
    const client = await blog().signIn(login);
    clients.set(role, { client, csrf: await client.csrf() });
  }
});

test('every route of the admin is in the table', () => {
  expect(listRoutes().length).toBeGreaterThan(45);
  expect(listRoutes().filter(({ path }) => !rolesFor(path))).toEqual([]);
});

test('nobody gets in who is not signed in', async () => {
  for (const route of listRoutes()) {
    const answer = await request(blog().visitor, route);
    const label = `${route.method} ${route.path}`;
    if (route.method === 'post') expect(answer.status, label).toBe(401);
    else expect(answer.headers.get('location'), label).toMatch(/^\/login\?next=/);
  }
});

test('no form is taken that another site has sent, or that lacks the token', async () => {
  const owner = clients.get('admin');
  for (const route of listRoutes().filter(
    ({ method, path }) => method === 'post' && path !== '/admin/media',
  )) {
    const label = route.path;
    expect((await request(owner?.client ?? blog().visitor, route, {}, 'wrong')).status, label).toBe(403);
    expect(
      (await request(owner?.client ?? blog().visitor, route, { 'sec-fetch-site': 'cross-site' }, owner?.csrf))
        .status,
      label,
    ).toBe(403);
    expect(
      (await request(owner?.client ?? blog().visitor, route, { origin: 'https://evil.example' }, owner?.csrf))
        .status,
      label,
    ).toBe(403);
  }
});

test.each(roles)('a route lets in whom the table names: %s', async (role) => {
  const { client, csrf } = clients.get(role) ?? { client: blog().visitor, csrf: '' };
  // What ends the session itself is left out; another test has it.
  for (const route of listRoutes().filter(({ path }) => !path.includes('end-others'))) {
    const answer = await request(client, route, {}, csrf);
    const isAdmitted = rolesFor(route.path)?.includes(role);
    expect(answer.status === 403, `${route.method} ${route.path}: ${answer.status}`).toBe(!isAdmitted);
    expect(answer.status, `${route.method} ${route.path}`).toBeLessThan(500);
  }
});
