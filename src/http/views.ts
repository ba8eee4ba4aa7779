import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Liquid } from 'liquidjs';
import { isSafeHtml, type SafeHtml, trustRenderedView } from '../content/safe-html.ts';
import { createWords, type Words } from './words.ts';

/** Renders the views of one folder. What a view prints is escaped unless it is SafeHtml through the filter `safe_html`. */
export type Views = {
  /** @param view the file's path below the folder, without `.liquid` */
  render(view: string, data: object): Promise<SafeHtml>;
};

const folder = path.resolve(import.meta.dirname, '../../views');

/** The folder of the theme that readers see, and of the admin; their assets are beside the views. */
export const themeFolder = path.join(folder, 'themes/essay');
/** The theme's own words, by language. */
export const themeWords = createWords(path.join(themeFolder, 'words'));

export const adminFolder = path.join(folder, 'admin');

const versions = new Map<string, { mtimeMs: number; version: string }>();

/** A short fingerprint of a file, for addresses that may be cached for ever. */
function versionOf(file: string): string {
  const { mtimeMs } = statSync(file);
  const known = versions.get(file);
  if (known?.mtimeMs === mtimeMs) return known.version;
  const version = createHash('sha256').update(readFileSync(file)).digest('base64url').slice(0, 10);
  versions.set(file, { mtimeMs, version });
  return version;
}

/** Names and values in turn, as a filter gets them. */
function partsOf(list: readonly unknown[]): Record<string, unknown> {
  const parts: Record<string, unknown> = {};
  for (let at = 0; at + 1 < list.length; at += 2) parts[String(list[at])] = list[at + 1];
  return parts;
}

/** The site's language, where the data of a page name one. */
function languageOf(data: object): string {
  const site: unknown = 'site' in data ? data.site : null;
  const language = typeof site === 'object' && site !== null && 'language' in site ? site.language : null;
  return typeof language === 'string' ? language : 'en';
}

/**
 * Makes the renderer of one folder of Liquid views. Values are plain data: a view cannot call
 * anything, and a name that the data lacks is an error rather than nothing.
 * @param assets where the folder's own assets are served, for the filter `asset_url`
 * @param words the folder's own words by language, for the filters `t` and `plural`
 */
export function createViews({
  root,
  partials = [],
  assets,
  words,
}: {
  root: string;
  partials?: string[];
  assets: { folder: string; url: string };
  words?: (language: string) => Words;
}): Views {
  const engine = new Liquid({
    root: [root],
    partials: [root, ...partials],
    layouts: [root, ...partials],
    extname: '.liquid',
    cache: true,
    outputEscape: 'escape',
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    parseLimit: 1_000_000,
    renderLimit: 5000,
    memoryLimit: 50_000_000,
  });
  engine.registerFilter('safe_html', {
    raw: true,
    handler: (value: unknown) => {
      if (value === null || value === undefined) return '';
      if (!isSafeHtml(value))
        throw new Error('safe_html takes nothing but SafeHtml; other values are escaped by themselves');
      return value.toString();
    },
  });
  engine.registerFilter('asset_url', (file: unknown) => {
    const name = String(file);
    return `${assets.url}/${name}?v=${versionOf(path.join(assets.folder, name))}`;
  });
  let spoken: Words | null = null;
  // Rendering is one step, so nobody else's language can come in between.
  engine.registerFilter('t', (text: unknown, ...parts: unknown[]) =>
    spoken ? spoken.say(String(text), partsOf(parts)) : String(text),
  );
  engine.registerFilter('plural', (count: unknown, name: unknown, ...parts: unknown[]) =>
    spoken ? spoken.count(String(name), Number(count), partsOf(parts)) : `${count} ${name}`,
  );
  return {
    async render(view, data) {
      spoken = words?.(languageOf(data)) ?? null;
      // Templates are ours or a plugin author's, and escape every value; text from outside is only ever a value.
      // In one go: else the limit of time counts what other requests took meanwhile, and fails on a busy server.
      return trustRenderedView(String(engine.renderFileSync(view, data)));
    },
  };
}
