import { type Json, plainContext } from './context-out.ts';

/** What stands in the place of an object that was deleted. @param deletedAt ISO 8601, where it is known */
export function tombstoneOf(id: string, formerType: string, deletedAt: string | null = null): Json {
  return {
    '@context': plainContext,
    id,
    type: 'Tombstone',
    formerType,
    ...(deletedAt && { deleted: deletedAt }),
  };
}
