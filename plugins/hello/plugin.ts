import { definePlugin, z } from 'outpost/plugin';

export default definePlugin({
  id: 'hello',
  name: 'Hello',
  version: '1.0.0',
  apiVersion: 1,
  description: 'Ends every post with a line of your own.',
  settings: z.object({
    greeting: z
      .string()
      .trim()
      .max(200)
      .default('Thank you for reading.')
      .meta({ title: 'The line', description: 'Stands below every post. Empty for none.' }),
  }),
  filters: {
    'page.slot': async (parts, { slot }, { settings, views }) => {
      const { greeting } = await settings.get();
      if (slot !== 'post.end' || greeting === '') return parts;
      return [...parts, await views.render('greeting', { greeting })];
    },
    'page.head': (tags, { subject }, { urls }) => {
      if (subject.kind !== 'post') return tags;
      return [...tags, { tag: 'link', attributes: { rel: 'stylesheet', href: urls.asset('hello.css') } }];
    },
  },
  views: 'views',
  assets: 'assets',
});
