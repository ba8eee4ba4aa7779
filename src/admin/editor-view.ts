import type { SafeHtml } from '../content/safe-html.ts';
import type { PostStatus, PostType } from '../posts/post.ts';
import type { PostFieldGroup } from './post-field-form.ts';
import type { OptionView, TimeView } from './view-models.ts';

/** What another window or person changed meanwhile, shown beside one's own text. */
type ConflictView = { when: TimeView; title: string; bodyMarkdown: string; version: number };

/** The editor with everything that a post can be given. */
export type EditorView = {
  id: string | null;
  /** The id that a new post will have, signed; null for one that is there. */
  key: string | null;
  type: PostType;
  collection: string;
  noun: string;
  version: number;
  status: PostStatus;
  statusText: string;
  savedText: string;
  title: string;
  bodyMarkdown: string;
  slug: string;
  addressBase: string;
  url: string | null;
  tags: string;
  categories: string;
  tagSuggestions: string[];
  categorySuggestions: string[];
  excerpt: string;
  image: { id: string; url: string; alt: string } | null;
  languages: OptionView[];
  commentsOpen: boolean;
  scheduledAt: string;
  /** The owner's time zone, named beside every time that is typed. */
  timeZone: string;
  errors: string[];
  /** Whether something is wrong in the details, which are closed at first. */
  wrongInDetails: boolean;
  /** What plugins ask about the post. */
  fieldGroups: PostFieldGroup[];
  conflict: ConflictView | null;
  /** What was typed and never saved, kept on the server. */
  autosave: { when: TimeView; title: string; bodyMarkdown: string } | null;
  may: {
    publish: boolean;
    submit: boolean;
    unpublish: boolean;
    trash: boolean;
    restore: boolean;
    delete: boolean;
    upload: boolean;
  };
  /** What plugins say about the post. */
  added: SafeHtml[];
  /** What they say about its text. */
  notes: SafeHtml[];
  urls: {
    save: string;
    autosave: string | null;
    preview: string;
    upload: string;
    library: string;
    back: string;
    trash: string | null;
    restore: string | null;
    delete: string | null;
    unpublish: string | null;
  };
};
