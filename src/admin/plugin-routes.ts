import type { Request, Response, Router } from 'express';
import { ConflictError, InvalidError, NotFoundError } from '../errors.ts';
import { requireDeed } from '../http/visitor.ts';
import { readPluginSettings, writePluginSettings } from '../plugin-host/context.ts';
import type { PluginListing } from '../plugin-host/host.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, paramOf } from './admin-request.ts';
import { refill, summarise } from './field.ts';
import { leaveNotice } from './notice.ts';
import { presentPlugin, presentPluginPage } from './present-plugins.ts';
import { renderAdmin } from './render-admin.ts';
import type { FieldView } from './view-models.ts';
import { fieldsOf, valuesOf } from './zod-form.ts';

/** @throws NotFoundError `plugin.not_found` */
async function findPlugin(deps: AdminDeps, req: Request): Promise<PluginListing> {
  const id = paramOf(req, 'id');
  const plugin = (await deps.plugins.list()).find((entry) => entry.id === id);
  if (!plugin) throw new NotFoundError('plugin.not_found', 'There is no such plugin.');
  return plugin;
}

async function settingsFields(deps: AdminDeps, plugin: PluginListing): Promise<FieldView[]> {
  const { definition } = plugin;
  return definition?.settings
    ? fieldsOf(definition.settings, await readPluginSettings(deps, definition))
    : [];
}

type Form = { fields: FieldView[]; summary: string[] };

async function showPlugin(
  deps: AdminDeps,
  req: Request,
  res: Response,
  { plugin, form }: { plugin: PluginListing; form?: Form },
): Promise<void> {
  const data = presentPluginPage(plugin, form ?? { fields: await settingsFields(deps, plugin), summary: [] });
  await renderAdmin(deps, req, res, {
    view: 'plugin',
    heading: plugin.name,
    section: 'plugins',
    data,
    status: form ? 422 : 200,
  });
}

async function saveSettings(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  const plugin = await findPlugin(deps, req);
  const { definition } = plugin;
  if (!definition?.settings) throw new NotFoundError('plugin.no_settings', 'This plugin has no settings.');
  try {
    await writePluginSettings(deps, definition, valuesOf(definition.settings, bodyOf(req)));
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    const fields = refill(await settingsFields(deps, plugin), bodyOf(req), error.fields);
    await showPlugin(deps, req, res, { plugin, form: { fields, summary: summarise(fields, error.fields) } });
    return;
  }
  leaveNotice(deps, req, res, { text: 'Saved.' });
  res.redirect(303, `/admin/plugins/${plugin.id}`);
}

/** The list of plugins, their switches and the forms of their settings. */
export function addPluginRoutes(router: Router, deps: AdminDeps): void {
  const owner = (req: Request) => requireDeed(req, 'site.manage');

  router.get('/admin/plugins', async (req, res) => {
    owner(req);
    const data = { rows: (await deps.plugins.list()).map(presentPlugin) };
    await renderAdmin(deps, req, res, { view: 'plugins', heading: 'Plugins', section: 'plugins', data });
  });

  router.get('/admin/plugins/:id', async (req, res) => {
    owner(req);
    await showPlugin(deps, req, res, { plugin: await findPlugin(deps, req) });
  });

  for (const [deed, word] of [
    ['enable', 'on'],
    ['disable', 'off'],
  ] as const) {
    router.post(`/admin/plugins/:id/${deed}`, async (req, res) => {
      owner(req);
      const plugin = await findPlugin(deps, req);
      try {
        await deps.plugins[deed](plugin.id);
        leaveNotice(deps, req, res, { text: `${plugin.name} is ${word}.` });
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        leaveNotice(deps, req, res, {
          kind: 'error',
          text: `${plugin.name} could not be switched ${word}. ${error.publicMessage}`,
        });
      }
      res.redirect(303, `/admin/plugins#plugin-${plugin.id}`);
    });
  }

  router.post('/admin/plugins/:id/settings', (req, res) => {
    owner(req);
    return saveSettings(deps, req, res);
  });
}
