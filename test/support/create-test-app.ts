import { onTestFinished } from 'vitest';
import {
  ownerLogin,
  startTestBlog,
  type TestBlog,
  type TestBlogOptions,
} from '../../src/plugin-host/testing.ts';

/** A browser's way of asking, without a browser: it keeps cookies and follows nothing. */
export type Client = {
  /** A request as it is given, with the cookies. */
  send(path: string, init: RequestInit): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Sends a form; where signed in, with the session's token. */
  post(
    path: string,
    fields: Record<string, string | string[]>,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** The text of a page. */
  page(path: string): Promise<string>;
  /** The token for forms, as the pages carry it. */
  csrf(): Promise<string>;
};

export type TestApp = TestBlog & {
  /** Somebody who is not signed in. */
  visitor: Client;
  /** Signs in; the owner where nobody is named. */
  signIn(login?: { username: string; password: string }): Promise<Client>;
};

/** Starts a blog that is closed when the test ends. */
export async function createTestApp(options: TestBlogOptions = {}): Promise<TestApp> {
  const blog = await startTestBlog(options);
  onTestFinished(() => blog.close());
  return {
    ...blog,
    visitor: createClient(blog.url),
    signIn: (login = ownerLogin) => signIn(blog.url, login),
  };
}

/** A client of a running blog. */
export function createClient(url: string): Client {
  const cookies = new Map<string, string>();
  async function send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (cookies.size > 0)
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(new URL(path, url), { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }
  const client: Client = {
    send,
    get: (path, headers = {}) => send(path, { headers: { accept: 'text/html', ...headers } }),
    async post(path, fields, headers = {}) {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(fields))
        for (const item of [value].flat()) body.append(name, item);
      if (cookies.size > 0 && !('csrf' in fields)) body.set('csrf', await client.csrf());
      return send(path, { method: 'POST', body, headers: { accept: 'text/html', origin: url, ...headers } });
    },
    page: async (path) => (await client.get(path)).text(),
    async csrf() {
      const page = await client.page('/admin/profile');
      return /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    },
  };
  return client;
}

/** Signs in on a running blog. */
export async function signIn(
  url: string,
  { username, password }: { username: string; password: string },
): Promise<Client> {
  const client = createClient(url);
  const form = await client.page('/login');
  const csrf = /name="csrf" value="([^"]+)"/.exec(form)?.[1];
  const answer = await client.post('/login', { username, login: username, password, ...(csrf && { csrf }) });
  if (answer.status !== 303 && answer.status !== 302)
    throw new Error(`Could not sign in as ${username}: ${answer.status}`);
  return client;
}
