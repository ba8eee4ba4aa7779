import { z } from 'zod';
import type { Post, PostInput } from '../posts/post.ts';

const text = z.string().default('');

/** Everything that the editor's form may send; anything else is dropped. Lines end as they do in Markdown files. */
const postFormSchema = z.object({
  title: text,
  bodyMarkdown: text.transform((value) => value.replaceAll('\r\n', '\n')),
  slug: text.transform((value) => value.trim()),
  tags: z.string().optional(),
  categories: z.string().optional(),
  excerpt: z
    .string()
    .optional()
    .transform((value) => value?.replaceAll('\r\n', '\n')),
  imageId: z.string().max(64).optional(),
  language: z.string().max(64).optional(),
  /** Sent with the checkbox, because an unticked one sends nothing. */
  commentsShown: text,
  commentsOpen: text,
  scheduledAt: text,
  intent: z.enum(['save', 'publish', 'private', 'review', 'schedule']).catch('save').default('save'),
  quiet: text.transform((value) => value !== ''),
  /** The id that a new post is to have, signed. */
  key: text,
  version: z.coerce.number().int().nonnegative().catch(0).default(0),
  /** The version that the writer has seen beside their own and saves over. */
  over: z.coerce.number().int().positive().optional().catch(undefined),
});

/** What the editor's form says. */
export type PostForm = z.output<typeof postFormSchema>;

/** Reads the editor's form. Of a field that was sent twice the first counts. */
export function readPostForm(body: Readonly<Record<string, unknown>>): PostForm {
  const single = Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]);
  return postFormSchema.parse(Object.fromEntries(single.filter(([, value]) => typeof value === 'string')));
}

/** Names as typed between commas, without empty ones. */
export function splitNames(list: string): string[] {
  return list
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter(Boolean)
    .slice(0, 50);
}

/** What the form asks to be written. An address left as it was is not set, so that a draft's may follow its title. */
export function toPostInput(form: PostForm, post: Pick<Post, 'slug'> | null): PostInput {
  const input: PostInput = { title: form.title, bodyMarkdown: form.bodyMarkdown };
  if (form.slug !== '' && form.slug !== post?.slug) input.slug = form.slug;
  if (form.tags !== undefined) input.tags = splitNames(form.tags);
  if (form.categories !== undefined) input.categories = splitNames(form.categories);
  if (form.excerpt !== undefined) input.excerpt = form.excerpt;
  if (form.imageId !== undefined) input.imageId = form.imageId || null;
  if (form.language !== undefined) input.language = form.language || null;
  if (form.commentsShown !== '') input.commentsOpen = form.commentsOpen !== '';
  return input;
}
