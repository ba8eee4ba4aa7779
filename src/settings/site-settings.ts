import { z } from 'zod';
import type { Database } from '../db/open.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { InvalidError } from '../errors.ts';
import { listSettings, putSetting } from './setting-store.ts';

const isTimeZone = (zone: string) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    // A RangeError is how Intl says no.
    return false;
  }
};
const isLanguage = (tag: string) => {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    // A RangeError is how Intl says no.
    return false;
  }
};

/** What the owner decides about the whole blog; each member is stored as `site.<member>`. */
export const siteSettingsSchema = z.object({
  title: z
    .string()
    .trim()
    .min(1, 'Give the blog a title.')
    .max(120, 'The title may have up to 120 characters.')
    .default('A new blog'),
  tagline: z.string().trim().max(200, 'The tagline may have up to 200 characters.').default(''),
  language: z.string().refine(isLanguage, 'Give a language such as en, pt-BR or zh-Hans.').default('en'),
  timeZone: z.string().refine(isTimeZone, 'Give a time zone such as Europe/Berlin.').default('UTC'),
  /** The hue of the accent colour on the OKLCH circle, in degrees. */
  accentHue: z.coerce.number().min(0).max(360).default(255),
  postsPerPage: z.coerce.number().int().min(1, 'At least one.').max(50, 'At most fifty.').default(10),
  commentsOpen: z.boolean().default(true),
  mailNewComments: z.boolean().default(false),
  mailFrom: z.union([z.literal(''), z.email('Give an e-mail address, or leave it empty.')]).default(''),
  smtpUrl: z
    .string()
    .refine(
      (value) => value === '' || /^smtps?:\/\//.test(value),
      'Give an address such as smtps://user:password@mail.example.com, or leave it empty.',
    )
    .default(''),
  /** With it `/metrics` may be asked for from other machines; empty for nobody. */
  metricsToken: z
    .string()
    .regex(
      /^$|^[\w-]{20,200}$/,
      'Give 20 to 200 letters, digits, hyphens and underscores, or leave it empty.',
    )
    .default(''),
});

export type SiteSettings = z.output<typeof siteSettingsSchema>;

/** The site's settings; what was never set has its default. */
export async function siteSettings(db: Database): Promise<SiteSettings> {
  const stored = await listSettings(db, 'site.');
  const text = JSON.stringify(stored);
  // Checking a time zone takes longer than all the rest of a page.
  if (checked.text !== text) checked = { text, settings: checkSettings(stored) };
  return { ...checked.settings };
}

let checked: { text: string; settings: SiteSettings } = { text: '', settings: siteSettingsSchema.parse({}) };

function checkSettings(stored: Readonly<Record<string, unknown>>): SiteSettings {
  const known = Object.keys(siteSettingsSchema.shape);
  const values = Object.fromEntries(
    known.map((key) => [key, stored[`site.${key}`]]).filter(([, value]) => value !== undefined),
  );
  return siteSettingsSchema.parse(values);
}

/**
 * Changes settings of the site.
 * @throws InvalidError `settings.invalid` with the fields that are wrong
 */
export async function changeSettings(
  deps: Pick<Deps, 'db' | 'hooks' | 'counters'>,
  change: Readonly<Record<string, unknown>>,
): Promise<SiteSettings> {
  const known = Object.keys(siteSettingsSchema.shape);
  const unknown = Object.keys(change).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new InvalidError(
      'settings.unknown',
      `There is no setting ${unknown.join(', ')}. There are: ${known.join(', ')}.`,
      {},
      422,
    );
  }
  const parsed = siteSettingsSchema.partial().safeParse(change);
  if (!parsed.success) {
    const fields = Object.fromEntries(
      parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]),
    );
    throw new InvalidError('settings.invalid', Object.values(fields).join(' '), fields, 422);
  }
  await inTransaction(deps.db, async (trx) => {
    // Partial schemas fill in defaults; only what was asked for is written.
    for (const [key, value] of Object.entries(parsed.data))
      if (key in change) await putSetting(trx, `site.${key}`, value);
    await deps.counters.bump(trx, 'site');
    await deps.hooks.actions.add(trx, 'settings.changed', { keys: Object.keys(change) });
  });
  return siteSettings(deps.db);
}
