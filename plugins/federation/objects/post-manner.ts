import type { Post } from 'outpost/plugin';
import type { FederationPostFields } from '../post-fields.ts';
import type { FederationSettings } from '../settings.ts';
import type { Manner } from '../vocabulary/post-members.ts';
import type { PostObjectType } from './post-type.ts';

/**
 * How a post is put to other servers: as its writer says for this one, else as the owner says for its kind. Words of the
 * writer's own are used where they were written, whatever else was chosen for its kind.
 */
export function mannerOf(
  post: Pick<Post, 'title' | 'type'>,
  fields: Pick<FederationPostFields, 'form' | 'words'>,
  settings: Pick<FederationSettings, 'titledPosts' | 'untitledPosts' | 'pages'>,
): Manner {
  if (fields.form !== 'default') return fields.form;
  if (fields.words.trim() !== '') return 'own-words';
  if (post.type === 'page') return settings.pages === 'not-sent' ? 'article' : settings.pages;
  return post.title.trim() === '' ? settings.untitledPosts : settings.titledPosts;
}

/** The type that a post gets when it is first put so. */
export function typeFor(manner: Manner): PostObjectType {
  return manner === 'article' ? 'Article' : 'Note';
}
