import { afterAll, beforeAll } from 'vitest';
import { ownerLogin, startTestBlog } from '../../src/plugin-host/testing.ts';
import { createClient, type TestApp } from '../support/create-test-app.ts';

/** One blog for all tests of a file, without plugins; call what it gives inside a test. */
export function shareBlog(): () => TestApp {
  let shared: TestApp | null = null;
  beforeAll(async () => {
    const blog = await startTestBlog({ plugins: [] });
    shared = {
      ...blog,
      visitor: createClient(blog.url),
      async signIn({ username, password } = ownerLogin) {
        const client = createClient(blog.url);
        const answer = await client.post('/login', { login: username, password });
        if (answer.status !== 303) throw new Error(`Could not sign in as ${username}: ${answer.status}`);
        return client;
      },
    };
  });
  afterAll(() => shared?.close());
  return () => {
    if (!shared) throw new Error('The blog is there once the tests run.');
    return shared;
  };
}
