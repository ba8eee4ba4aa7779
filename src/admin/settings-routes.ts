import type { Request, Response, Router } from 'express';
import { InvalidError } from '../errors.ts';
import { requireDeed } from '../http/visitor.ts';
import { changeSettings, type SiteSettings, siteSettings } from '../settings/site-settings.ts';
import type { AdminDeps } from './admin-deps.ts';
import { bodyOf, textOf } from './admin-request.ts';
import { choice, field, refill, summarise } from './field.ts';
import { leaveNotice } from './notice.ts';
import { languageOptions } from './present-editor.ts';
import { renderAdmin } from './render-admin.ts';
import type { SettingsView } from './view-models.ts';

const hues = [
  ['255', 'Blue'],
  ['200', 'Teal'],
  ['150', 'Green'],
  ['110', 'Olive'],
  ['75', 'Ochre'],
  ['40', 'Rust'],
  ['15', 'Rose'],
  ['340', 'Plum'],
  ['295', 'Violet'],
] as const;

type Groups = SettingsView['groups'];

function groupsFor(site: SiteSettings): Groups {
  const hue = String(site.accentHue);
  const isNamed = hues.some(([value]) => value === hue);
  return [
    {
      title: 'The blog',
      text: null,
      fields: [
        field({ name: 'title', label: 'Title', value: site.title, required: true, maxLength: 120 }),
        field({
          name: 'tagline',
          label: 'Tagline',
          value: site.tagline,
          maxLength: 200,
          help: 'One line below the title.',
        }),
        field({
          name: 'language',
          label: 'Language',
          control: 'select',
          value: site.language,
          options: languageOptions(site.language),
          help: 'What you mostly write in. Single posts can differ.',
        }),
        field({
          name: 'timeZone',
          label: 'Time zone',
          value: site.timeZone,
          required: true,
          suggestions: Intl.supportedValuesOf('timeZone'),
          help: 'For dates on the page and for posts that go out by themselves, such as Europe/Berlin.',
        }),
      ],
    },
    {
      title: 'Looks',
      text: null,
      fields: [
        choice({
          name: 'accentHue',
          label: 'Accent colour',
          value: hue,
          choices: isNamed ? hues : [...hues, [hue, `Your own (${hue}°)`]],
          help: 'For links and marks. Contrast is kept in light and dark.',
        }),
        field({
          name: 'postsPerPage',
          label: 'Posts on a page',
          control: 'number',
          value: String(site.postsPerPage),
          required: true,
          min: '1',
          max: '50',
          step: '1',
        }),
      ],
    },
    {
      title: 'Conversation',
      text: null,
      fields: [
        field({
          name: 'commentsOpen',
          label: 'Readers may comment',
          control: 'checkbox',
          checked: site.commentsOpen,
          help: 'Single posts can be closed in their details.',
        }),
      ],
    },
    {
      title: 'Mail',
      text: 'Without a mail server nothing is sent, and everything still works.',
      fields: [
        field({
          name: 'mailNewComments',
          label: 'Write to me when a comment waits',
          control: 'checkbox',
          checked: site.mailNewComments,
        }),
        field({ name: 'mailFrom', label: 'Sender', control: 'email', value: site.mailFrom, maxLength: 254 }),
        field({
          name: 'smtpUrl',
          label: 'Mail server',
          control: 'password',
          autocomplete: 'off',
          help:
            site.smtpUrl === ''
              ? 'Such as smtps://user:password@mail.example.com.'
              : 'One is set. Leave this empty to keep it.',
        }),
        ...(site.smtpUrl === ''
          ? []
          : [field({ name: 'smtpRemove', label: 'Forget the mail server', control: 'checkbox' })]),
      ],
    },
  ];
}

/** What the form says, only for settings that it shows. */
function readChange(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const change: Record<string, unknown> = {};
  for (const name of ['title', 'tagline', 'language', 'timeZone', 'accentHue', 'postsPerPage', 'mailFrom'])
    change[name] = textOf(body, name).trim();
  for (const name of ['commentsOpen', 'mailNewComments']) change[name] = textOf(body, name) !== '';
  const smtpUrl = textOf(body, 'smtpUrl').trim();
  if (smtpUrl !== '') change.smtpUrl = smtpUrl;
  if (textOf(body, 'smtpRemove') !== '') change.smtpUrl = '';
  return change;
}

async function showSettings(
  deps: AdminDeps,
  req: Request,
  res: Response,
  wrong?: Readonly<Record<string, string>>,
): Promise<void> {
  const groups = groupsFor(await siteSettings(deps.db)).map((group) => ({
    ...group,
    fields: wrong ? refill(group.fields, bodyOf(req), wrong) : group.fields,
  }));
  const summary = summarise(
    groups.flatMap((group) => group.fields),
    wrong ?? {},
  );
  const data: SettingsView = { groups, summary, sections: [] };
  await renderAdmin(deps, req, res, {
    view: 'settings',
    heading: 'Settings',
    section: 'settings',
    data,
    status: wrong ? 422 : 200,
  });
}

/** The settings of the blog. */
export function addSettingsRoutes(router: Router, deps: AdminDeps): void {
  router.get('/admin/settings', (req, res) => {
    requireDeed(req, 'site.manage');
    return showSettings(deps, req, res);
  });
  router.post('/admin/settings', async (req, res) => {
    requireDeed(req, 'site.manage');
    try {
      await changeSettings(deps, readChange(bodyOf(req)));
    } catch (error) {
      if (error instanceof InvalidError) return showSettings(deps, req, res, error.fields);
      throw error;
    }
    leaveNotice(deps, req, res, { text: 'Saved.' });
    res.redirect(303, '/admin/settings');
  });
}
