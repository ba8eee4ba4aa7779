import type { Deps } from '../deps.ts';
import { newId } from '../ids.ts';

type KeyDeps = Pick<Deps, 'secrets'>;
const purpose = 'new post';

/** The id that a new post will have, made for its writer: a form that is sent twice makes one post. */
export function makePostKey({ secrets }: KeyDeps, userId: string): string {
  const id = newId();
  return `${id}.${secrets.sign(purpose, `${userId} ${id}`)}`;
}

/** The id of a key that was made for this writer, else null. */
export function readPostKey({ secrets }: KeyDeps, userId: string, key: string): string | null {
  const [id = '', signature = ''] = key.split('.');
  return secrets.verify(purpose, `${userId} ${id}`, signature) ? id : null;
}
