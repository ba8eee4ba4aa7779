import type { SafeHtml } from '../content/safe-html.ts';
import type { Autosave } from '../posts/autosave-store.ts';
import type { Post, PostType } from '../posts/post.ts';
import { may, type User } from '../users/user.ts';
import type { EditorView } from './editor-view.ts';
import type { PostFieldGroup } from './post-field-form.ts';
import type { PostForm } from './post-form.ts';
import { pathOf, statusWords } from './present-posts.ts';
import { hourOf, localTimeField, type TimePrinter } from './present-time.ts';
import type { OptionView } from './view-models.ts';

/** Languages that are offered by name; any other can be set with its tag on the command line. */
const languages = [
  'ar',
  'bg',
  'ca',
  'cs',
  'da',
  'de',
  'el',
  'en',
  'eo',
  'es',
  'et',
  'eu',
  'fa',
  'fi',
  'fr',
  'ga',
  'gl',
  'he',
  'hi',
  'hr',
  'hu',
  'id',
  'is',
  'it',
  'ja',
  'ko',
  'lt',
  'lv',
  'nb',
  'nl',
  'pl',
  'pt',
  'pt-BR',
  'ro',
  'ru',
  'sk',
  'sl',
  'sr',
  'sv',
  'ta',
  'th',
  'tr',
  'uk',
  'ur',
  'vi',
  'zh-Hans',
  'zh-Hant',
];

/** Languages by their English names, sorted; one that is not among the usual ones is added. */
export function languageOptions(selected: string): OptionView[] {
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const known = languages.includes(selected) || selected === '' ? languages : [...languages, selected];
  return known
    .map((value) => ({ value, label: names.of(value) ?? value, selected: value === selected }))
    .sort((a, b) => a.label.localeCompare(b.label, 'en'));
}

type EditorInput = {
  post: Post | null;
  type: PostType;
  user: User;
  /** The id that a new post will have, signed. */
  key: string;
  origin: string;
  site: { language: string; timeZone: string };
  tagNames: readonly string[];
  categoryNames: readonly string[];
  image: { id: string; url: string; alt: string } | null;
  autosave: Autosave | null;
  /** Whether the text of the autosave is to be shown instead of the saved one. */
  useAutosave: boolean;
  /** What plugins ask about the post. */
  fieldGroups: readonly PostFieldGroup[];
  /** What plugins say about the post. */
  added: readonly SafeHtml[];
  /** What they say about its text. */
  notes: readonly SafeHtml[];
  print: TimePrinter;
  /** What was typed and could not be saved, with the reasons. */
  refused?: { form: PostForm; errors: readonly string[]; isConflict: boolean } | undefined;
};

function urlsFor(post: Post | null, type: PostType): EditorView['urls'] {
  const base = `/admin/${type}s`;
  const own = post ? `${base}/${post.id}` : base;
  return {
    save: own,
    autosave: post?.status === 'trash' ? null : `${own}/autosave`,
    preview: `${own}/preview`,
    upload: '/admin/media',
    library: '/admin/media',
    back: base,
    trash: post ? `${own}/trash` : null,
    restore: post ? `${own}/restore` : null,
    delete: post ? `${own}/delete` : null,
    unpublish: post ? `${own}/unpublish` : null,
  };
}

function savedText({ post, refused, site }: EditorInput): string {
  if (refused) return 'Not saved';
  return post ? `Saved at ${hourOf(post.updatedAt, site.timeZone)}` : 'Nothing to save yet';
}

/** The version that the shown text began from: an autosave's may be older than what was saved since. */
function versionShown({ post, autosave, useAutosave }: EditorInput): number {
  return useAutosave && autosave ? autosave.baseVersion : (post?.version ?? 0);
}

/** The editor for a post or page, new or old, with what was typed where it could not be saved. */
export function presentEditor(input: EditorInput): EditorView {
  const { post, type, user, refused, autosave, site, print } = input;
  const typed = refused?.form;
  const isInTrash = post?.status === 'trash';
  const mayPublish = may(user, 'posts.publish');
  const shown = input.useAutosave && autosave ? autosave.content : null;
  const language = typed?.language ?? post?.language ?? '';
  const siteLanguage = new Intl.DisplayNames('en', { type: 'language' }).of(site.language) ?? site.language;
  const names = (terms: readonly { name: string }[] | undefined) =>
    (terms ?? []).map((term) => term.name).join(', ');
  return {
    id: post?.id ?? null,
    type,
    collection: `${type}s`,
    noun: type,
    key: post ? null : input.key,
    // What could not be saved still names the version that it began from; with a conflict only `over` goes past it.
    version: typed ? typed.version : versionShown(input),
    status: post?.status ?? 'draft',
    statusText: post ? statusWords[post.status] : 'New',
    savedText: savedText(input),
    title: typed?.title ?? shown?.title ?? post?.title ?? '',
    bodyMarkdown: typed?.bodyMarkdown ?? shown?.bodyMarkdown ?? post?.bodyMarkdown ?? '',
    slug: typed?.slug || post?.slug || '',
    addressBase: `${input.origin}/`,
    url: post?.status === 'published' || post?.status === 'private' ? pathOf(post) : null,
    tags: typed?.tags ?? shown?.tags?.join(', ') ?? names(post?.tags),
    categories: typed?.categories ?? shown?.categories?.join(', ') ?? names(post?.categories),
    tagSuggestions: [...input.tagNames],
    categorySuggestions: [...input.categoryNames],
    excerpt: typed?.excerpt ?? shown?.excerpt ?? post?.excerpt ?? '',
    image: input.image,
    languages: [
      { value: '', label: `The blog’s: ${siteLanguage}`, selected: language === '' },
      ...languageOptions(language),
    ],
    commentsOpen:
      typed && typed.commentsShown !== '' ? typed.commentsOpen !== '' : (post?.commentsOpen ?? true),
    scheduledAt:
      typed?.scheduledAt || (post?.scheduledAt ? localTimeField(post.scheduledAt, site.timeZone) : ''),
    timeZone: site.timeZone,
    errors: [...(refused?.errors ?? [])],
    wrongInDetails: input.fieldGroups.some(({ fields }) => fields.some(({ error }) => error !== null)),
    fieldGroups: [...input.fieldGroups],
    conflict:
      refused?.isConflict && post
        ? {
            when: print(post.updatedAt),
            title: post.title,
            bodyMarkdown: post.bodyMarkdown,
            version: post.version,
          }
        : null,
    autosave:
      autosave && !input.useAutosave && !refused && !isInTrash
        ? {
            when: print(autosave.savedAt),
            title: autosave.content.title ?? '',
            bodyMarkdown: autosave.content.bodyMarkdown ?? '',
          }
        : null,
    may: {
      publish: mayPublish,
      submit: !mayPublish && (post === null || post.status === 'draft'),
      unpublish:
        post?.status === 'review' ||
        (mayPublish &&
          (post?.status === 'published' || post?.status === 'scheduled' || post?.status === 'private')),
      trash: post !== null && !isInTrash,
      restore: isInTrash,
      delete: isInTrash,
      upload: may(user, 'media.add') && !isInTrash,
    },
    added: [...input.added],
    notes: [...input.notes],
    urls: urlsFor(post, type),
  };
}
