import type { Transaction } from 'kysely';
import { maxMarkdownLength, renderMarkdown } from '../content/markdown.ts';
import type { Schema } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { ConflictError, InvalidError, NotFoundError } from '../errors.ts';
import { newId } from '../ids.ts';
import { removeAutosave } from './autosave-store.ts';
import type { Post, PostInput, PostType } from './post.ts';
import { mergePostFields } from './post-field-store.ts';
import { chooseSlug } from './post-slug.ts';
import { findPost, insertPost, keepOldSlug, savePost } from './post-store.ts';
import { setTerms } from './term-store.ts';

type WriteDeps = Pick<Deps, 'db' | 'clock' | 'hooks' | 'counters' | 'failpoint'>;

const maxTitle = 300;
const maxExcerpt = 2000;

function checkInput(input: PostInput): void {
  const fields: Record<string, string> = {};
  if (input.title !== undefined && [...input.title].length > maxTitle)
    fields.title = `The title may have up to ${maxTitle} characters.`;
  if (input.bodyMarkdown !== undefined && input.bodyMarkdown.length > maxMarkdownLength) {
    fields.bodyMarkdown = `The text may have up to ${maxMarkdownLength / 1024} KiB. Divide it into several posts.`;
  }
  if (input.excerpt !== undefined && [...input.excerpt].length > maxExcerpt)
    fields.excerpt = `The summary may have up to ${maxExcerpt} characters.`;
  if (input.language && !isLanguage(input.language))
    fields.language = `${input.language} is no language tag; give one such as en, pt-BR or zh-Hans.`;
  if (Object.keys(fields).length > 0)
    throw new InvalidError('post.invalid', Object.values(fields).join(' '), fields, 422);
  // What cannot be rendered is refused to its writer now, not to a reader later.
  if (input.bodyMarkdown !== undefined) renderMarkdown(input.bodyMarkdown);
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    // A RangeError is how Intl says no.
    return false;
  }
}

/** One line, without control characters: titles go into headings, feeds and header fields. */
function cleanTitle(title: string): string {
  return title
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** The post with the writer's values put in. Terms are written, since they have rows of their own. */
async function applyInput(
  trx: Transaction<Schema>,
  post: Post,
  input: PostInput,
  now: string,
): Promise<Post> {
  const title = input.title === undefined ? post.title : cleanTitle(input.title);
  const isNew = post.slug === '';
  // An address that nobody has seen follows the title; a public one stays unless the writer asks.
  const followsTitle = isNew || (post.publication === 0 && input.slug === undefined && title !== post.title);
  const slug =
    followsTitle || (input.slug !== undefined && input.slug !== post.slug)
      ? await chooseSlug(trx, { wanted: input.slug, title, id: post.id, now })
      : post.slug;
  return {
    ...post,
    title,
    slug,
    bodyMarkdown: input.bodyMarkdown?.replaceAll('\0', '').toWellFormed() ?? post.bodyMarkdown,
    excerpt: input.excerpt?.trim() ?? post.excerpt,
    imageId: input.imageId === undefined ? post.imageId : input.imageId,
    language: input.language === undefined ? post.language : input.language || null,
    commentsOpen: input.commentsOpen ?? post.commentsOpen,
  };
}

async function applyTerms(trx: Transaction<Schema>, post: Post, input: PostInput): Promise<Post> {
  return {
    ...post,
    tags: input.tags ? await setTerms(trx, post.id, 'tag', input.tags) : post.tags,
    categories: input.categories
      ? await setTerms(trx, post.id, 'category', input.categories)
      : post.categories,
  };
}

/**
 * Makes a draft. With an `id` that is there already, it gives the post that has it: the same form was sent twice.
 * @throws InvalidError `post.invalid` with the fields that are wrong
 */
export async function createPost(
  deps: WriteDeps,
  input: PostInput & { authorId: string; type?: PostType; id?: string },
): Promise<Post> {
  checkInput(input);
  const now = deps.clock.iso();
  return inTransaction(deps.db, async (trx) => {
    const before = input.id === undefined ? null : await findPost(trx, input.id);
    if (before) return before;
    const empty: Post = {
      id: input.id ?? newId(),
      type: input.type ?? 'post',
      status: 'draft',
      slug: '',
      title: '',
      bodyMarkdown: '',
      excerpt: '',
      authorId: input.authorId,
      imageId: null,
      language: null,
      commentsOpen: true,
      tags: [],
      categories: [],
      createdAt: now,
      updatedAt: now,
      publishedAt: null,
      scheduledAt: null,
      publication: 0,
      statusBeforeTrash: null,
      version: 1,
    };
    const post = await applyInput(trx, empty, input, now);
    await insertPost(trx, post);
    await mergePostFields(trx, post.id, input.fields ?? {});
    await deps.failpoint('post.save');
    return applyTerms(trx, post, input);
  });
}

/**
 * Changes a post. A public one is announced as changed, quietly where `quiet` is set.
 * @param input `expectedVersion` is the version that the writer began from; `writerId` is whose unsaved text this saves
 * @throws NotFoundError `post.not_found`
 * @throws ConflictError `post.changed_meanwhile` when somebody else has saved since
 * @throws InvalidError `post.invalid`
 */
export async function updatePost(
  deps: WriteDeps,
  id: string,
  input: PostInput & { quiet?: boolean; expectedVersion?: number; writerId?: string },
): Promise<Post> {
  checkInput(input);
  const now = deps.clock.iso();
  return inTransaction(deps.db, async (trx) => {
    const post = await findPost(trx, id);
    if (!post) throw new NotFoundError('post.not_found', `There is no post ${id}.`);
    if (input.expectedVersion !== undefined && input.expectedVersion !== post.version) {
      throw new ConflictError(
        'post.changed_meanwhile',
        'Somebody else has saved this post since you opened it. Compare both versions before saving.',
      );
    }
    let changed = await applyInput(trx, post, input, now);
    changed = await applyTerms(trx, changed, input);
    changed = { ...changed, version: post.version + 1, updatedAt: now };
    if (changed.slug !== post.slug) {
      await trx.deleteFrom('old_slugs').where('slug', '=', changed.slug).execute();
      if (post.publication > 0) await keepOldSlug(trx, post.slug, post.id, now);
    }
    await savePost(trx, changed);
    await mergePostFields(trx, id, input.fields ?? {});
    await deps.failpoint('post.save');
    // What others have typed beside it meanwhile is theirs to compare or to drop.
    if (input.writerId !== undefined) await removeAutosave(trx, id, input.writerId);
    if (post.status === 'published') {
      await deps.counters.bump(trx, 'site', `post:${id}`);
      await deps.hooks.actions.add(trx, 'post.updated', { postId: id, quiet: input.quiet ?? false });
    }
    return changed;
  });
}
