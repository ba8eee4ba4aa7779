import type { SafeHtml } from '../content/safe-html.ts';
import type { SlotName } from '../hooks/types.ts';
import { findMedium } from '../media/media-store.ts';
import { findAutosave } from '../posts/autosave-store.ts';
import type { Post, PostType } from '../posts/post.ts';
import { listTerms } from '../posts/term-store.ts';
import type { User } from '../users/user.ts';
import type { AdminDeps } from './admin-deps.ts';
import type { EditorView } from './editor-view.ts';
import { postFieldGroups, sayPostFieldErrors } from './post-field-form.ts';
import type { PostForm } from './post-form.ts';
import { makePostKey } from './post-key.ts';
import { presentEditor } from './present-editor.ts';
import { mediaPath } from './present-media.ts';
import { pageFacts } from './render-admin.ts';

/** A chosen picture with its address, for a field that shows it; null where there is none, or it is gone. */
export async function chosenPicture(
  deps: AdminDeps,
  id: string | null,
): Promise<{ id: string; url: string; alt: string } | null> {
  const medium = id ? await findMedium(deps.db, id) : null;
  return medium && { id: medium.id, url: mediaPath(medium.file), alt: medium.alt };
}

/** What was typed and could not be saved, with what was wrong, by the field's name. */
export type Refusal = {
  form: PostForm;
  body: Readonly<Record<string, unknown>>;
  errors: Readonly<Record<string, string>>;
  /** Whether another has saved meanwhile, so that both versions are to be seen. */
  isConflict: boolean;
  status: number;
};

type Wanted = {
  user: User;
  type: PostType;
  post: Post | null;
  useAutosave: boolean;
  refused?: Refusal | undefined;
};

/** What plugins say about a post at a place of the editor. */
async function saidAbout(deps: AdminDeps, slot: SlotName, post: Post | null): Promise<readonly SafeHtml[]> {
  if (!post) return [];
  const subject = { kind: 'post', postId: post.id } as const;
  return deps.hooks.filters.apply('page.slot', [], { slot, subject });
}

/** Gathers what the editor shows. */
export async function editorData(deps: AdminDeps, wanted: Wanted): Promise<EditorView> {
  const { user, post, refused } = wanted;
  const { site, print } = await pageFacts(deps);
  const autosave = post ? await findAutosave(deps.db, post.id, user.id) : null;
  const shownAutosave = wanted.useAutosave ? autosave?.content.imageId : undefined;
  const imageId = refused?.form.imageId ?? shownAutosave ?? post?.imageId ?? null;
  const fieldGroups = await postFieldGroups(deps, post?.id ?? null, {
    kept: (wanted.useAutosave ? autosave?.content.fields : null) ?? {},
    ...(refused && { refused }),
  });
  return presentEditor({
    ...wanted,
    refused: refused && { ...refused, errors: sayPostFieldErrors(fieldGroups, refused.errors) },
    fieldGroups,
    key: makePostKey(deps, user.id),
    origin: deps.config.origin,
    site,
    tagNames: (await listTerms(deps.db, 'tag', { limit: 200 })).map((term) => term.name),
    categoryNames: (await listTerms(deps.db, 'category', { limit: 200 })).map((term) => term.name),
    image: await chosenPicture(deps, imageId),
    autosave,
    added: await saidAbout(deps, 'admin.post', post),
    notes: await saidAbout(deps, 'admin.text', post),
    print,
  });
}
