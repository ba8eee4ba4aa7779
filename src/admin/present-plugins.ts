import type { PluginListing } from '../plugin-host/host.ts';
import { pluginPageHref } from './plugin-menu.ts';
import type { FieldView } from './view-models.ts';

/** A plugin as a line of the list. */
type PluginRowView = {
  id: string;
  name: string;
  version: string;
  description: string;
  source: string;
  enabled: boolean;
  statusText: string;
  error: string | null;
  href: string;
  /** What it asks to do, in words; null where it cannot be read. */
  asksTo: string[] | null;
  settingsHref: string | null;
};

/** A plugin in full. */
type PluginView = {
  plugin: PluginRowView;
  permissions: { name: string; text: string }[];
  declares: { label: string; items: string[] }[];
  fields: FieldView[];
  summary: string[];
  pages: { label: string; href: string }[];
};

const permissionTexts: Readonly<Record<string, string>> = {
  posts: 'Read posts, those that are not public included',
  users: 'Read authors, and where mail reaches them',
  comments: 'Take comments in from elsewhere, change and remove those it took in',
  reactions: 'Count likes and boosts',
  database: 'Keep tables of its own',
  network: 'Ask other servers',
  mail: 'Send mail to people of this site',
};

const statusTexts: Readonly<Record<PluginListing['status'], string>> = {
  enabled: 'On',
  disabled: 'Off',
  failed: 'Does not run',
};

/** Makes the line of the list. */
export function presentPlugin(plugin: PluginListing): PluginRowView {
  return {
    id: plugin.id,
    name: plugin.name,
    version: plugin.version,
    description: plugin.description,
    source: plugin.source === 'bundled' ? 'comes with Outpost' : 'installed by you',
    enabled: plugin.status === 'enabled',
    statusText: statusTexts[plugin.status],
    error: plugin.error,
    href: `/admin/plugins/${plugin.id}`,
    asksTo: plugin.definition && plugin.permissions.map((name) => permissionTexts[name] ?? name),
    settingsHref: plugin.definition?.settings ? `/admin/plugins/${plugin.id}#settings-title` : null,
  };
}

/** Everything that a plugin adds, by kind. Declared, so it can be read before anything runs. */
function declarations(plugin: PluginListing): PluginView['declares'] {
  const { definition } = plugin;
  if (!definition) return [];
  const groups = [
    { label: 'Needs', items: [...(definition.requires ?? [])] },
    { label: 'Is told of', items: Object.keys(definition.actions ?? {}) },
    { label: 'May change', items: Object.keys(definition.filters ?? {}) },
    { label: 'Addresses', items: (definition.routes ?? []).map((route) => `${route.method} ${route.path}`) },
    {
      label: 'Other forms of pages',
      items: (definition.representations ?? []).flatMap((one) =>
        one.types.map((type) => `${one.of}: ${type}`),
      ),
    },
    { label: 'Pages in the admin', items: (definition.adminPages ?? []).map((page) => page.title) },
    { label: 'Work in the queue', items: Object.keys(definition.jobs ?? {}) },
    {
      label: 'At fixed times',
      items: (definition.schedules ?? []).map((schedule) => `${schedule.cron} ${schedule.job}`),
    },
    {
      label: 'Commands',
      items: (definition.commands ?? []).map((command) => `${definition.id} ${command.name}`),
    },
    { label: 'Changes to the database', items: Object.keys(definition.migrations ?? {}) },
  ];
  return groups
    .filter((group) => group.items.length > 0)
    .map(({ label, items }) => ({ label, items: [...new Set(items)] }));
}

/** A plugin in full, with the form of its settings. */
export function presentPluginPage(
  plugin: PluginListing,
  form: Pick<PluginView, 'fields' | 'summary'>,
): PluginView {
  const isOn = plugin.status === 'enabled';
  return {
    plugin: presentPlugin(plugin),
    permissions: plugin.permissions.map((name) => ({
      name,
      text: permissionTexts[name] ?? 'Known to the plugin’s author',
    })),
    declares: declarations(plugin),
    ...form,
    pages: (isOn ? (plugin.definition?.adminPages ?? []) : [])
      .filter((page) => page.menu && !page.path.includes(':'))
      .map((page) => ({ label: page.title, href: pluginPageHref(plugin.id, page.path) })),
  };
}
