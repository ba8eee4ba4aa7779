import { textOf } from 'outpost/plugin';
import type { Json } from '../vocabulary/context-out.ts';
import { escapeMarkup } from '../vocabulary/escape.ts';
import type { Form } from './forms.ts';

/** What a receiver without pictures and players in the text takes as an attachment. */
const pictureType = 'Image';

/**
 * An activity of ours as a kind of server gets it: the same ids and the same meaning. Only a Create or Update of an Article
 * has more than one form; everything else is given back as it is.
 * @param body the canonical activity as JSON text
 */
export function inForm(body: string, form: Form | null): string {
  // Most of what is sent is no Article, and need not be read again.
  if (!form || !body.includes('"type":"Article"')) return body;
  const activity: Json = JSON.parse(body);
  const { object } = activity;
  const isPost = activity.type === 'Create' || activity.type === 'Update';
  if (!isPost || !isDocument(object) || object.type !== 'Article') return body;
  return JSON.stringify({ ...activity, object: objectIn(object, form) });
}

function objectIn(article: Json, form: Form): Json {
  const language = languageOf(article);
  let object = form.asNote ? asNote(article, language) : article;
  if (form.maxTextLength !== undefined && lengthOf(String(object.content)) > form.maxTextLength) {
    const { source: _, ...rest } = object;
    object = withContent(rest, teaserOf(article), language);
  }
  if (form.titleInContent && typeof object.name === 'string') {
    const { name, nameMap: _, ...rest } = object;
    const heading = `<p><strong>${escapeMarkup(name)}</strong></p>`;
    object = withContent(rest, `${heading}${String(object.content)}`, language);
  }
  if (form.withoutSummary && object.sensitive !== true) {
    const { summary: _, summaryMap: __, ...rest } = object;
    object = rest;
  }
  if (form.pageFirst) object = withPageFirst(object);
  return object;
}

function withPageFirst(object: Json): Json {
  const page = { type: 'Link', href: object.url, mediaType: 'text/html' };
  const others = [object.attachment].flat().filter((one) => isDocument(one) && one.type !== 'Link');
  return { ...object, attachment: [page, ...others] };
}

/** Title, beginning and link as the preview has them, with the pictures; the summary only where it is a warning. */
function asNote(article: Json, language: string): Json {
  const { name: _, nameMap: __, source: ___, preview, image: ____, summary, summaryMap, ...rest } = article;
  const isWarned = article.sensitive === true;
  const attachment = [article.attachment].flat().filter((one) => isDocument(one) && one.type === pictureType);
  const { attachment: _____, ...bare } = rest;
  const note = {
    ...bare,
    type: 'Note',
    ...(isWarned && { summary, summaryMap }),
    ...(attachment.length > 0 && { attachment }),
  };
  const content = isDocument(preview) ? String(preview.content) : String(article.content);
  return withContent(note, content, language);
}

/** The beginning and the link, as the preview has them below the title. */
function teaserOf({ preview, content }: Json): string {
  const text = isDocument(preview) ? String(preview.content) : String(content);
  return text.replace(/^<p><strong>.*?<\/strong><\/p>/, '');
}

/** Characters of a text where links are written out with their addresses, as Misskey keeps them. */
function lengthOf(content: string): number {
  const addresses = content.matchAll(/<a\b[^>]*?\bhref="([^"]*)"/g);
  return addresses.reduce((length, [, href = '']) => length + href.length + 4, textOf(content).length);
}

function withContent(object: Json, content: string, language: string): Json {
  return { ...object, content, contentMap: { [language]: content } };
}

function languageOf({ contentMap }: Json): string {
  return (isDocument(contentMap) && Object.keys(contentMap)[0]) || 'und';
}

function isDocument(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
