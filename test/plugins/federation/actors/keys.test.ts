import { createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { ensureKey, signingKeyOf } from '../../../../plugins/federation/actors/keys.ts';
import { startFederatedBlog } from '../support.ts';

test('many who need the key of one author at once get the same one', async () => {
  const blog = await startFederatedBlog();
  // Contexts of their own stand for several nodes on one database.
  const nodes = Array.from({ length: 4 }, () => ({ ...blog.context }));
  const [first, ...others] = await Promise.all(nodes.map((node) => signingKeyOf(node, 'somebody-new')));
  const { publicPem } = await ensureKey(blog.context, 'somebody-new');

  expect(first?.keyId).toBe(`${blog.url}/ap/users/somebody-new#main-key`);
  for (const { privateKey } of others) expect(first?.privateKey.equals(privateKey)).toBe(true);
  expect(first && createPublicKey(first.privateKey).equals(createPublicKey(publicPem))).toBe(true);
});
