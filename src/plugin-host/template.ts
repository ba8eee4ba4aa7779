import path from 'node:path';

const outpost = path.resolve(import.meta.dirname, '../..');

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The files of a plugin that has just been begun, by name. The last one lets an editor find Outpost's types. */
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
    'package.json': json({ name: `outpost-plugin-${id}`, version: '0.1.0', type: 'module', private: true }),
    'tsconfig.json': json({
      extends: `${outpost}/tsconfig.json`,
      compilerOptions: {
        paths: {
          'outpost/plugin': [`${outpost}/src/plugin-host/api.ts`],
          'outpost/plugin/testing': [`${outpost}/src/plugin-host/testing.ts`],
          '*': [`${outpost}/test/node_modules/@types/*/index.d.ts`],
        },
      },
      include: ['.'],
      exclude: ['node_modules'],
    }),
  };
}
