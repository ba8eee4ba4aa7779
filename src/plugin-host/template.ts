/** The files of a plugin that has just been begun, by name. */
export function pluginTemplate(id: string): Readonly<Record<string, string>> {
  return {
    'plugin.ts': `import { definePlugin } from 'outpost/plugin';

export default definePlugin({
  id: '${id}',
  name: '${id}',
  version: '0.1.0',
  apiVersion: 1,
  description: 'Says what it does in one sentence.',
  permissions: ['posts'],
  actions: {
    'post.published': async ({ postId }, { posts, log }) => {
      const post = await posts.find(postId);
      log.info({ title: post?.title }, 'a post was published');
    },
  },
});
`,
    'package.json': `${JSON.stringify({ name: `outpost-plugin-${id}`, version: '0.1.0', type: 'module', private: true }, null, 2)}\n`,
  };
}
