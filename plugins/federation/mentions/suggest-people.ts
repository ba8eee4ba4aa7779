import { type SuggestedPerson, sql } from 'outpost/plugin';
import { type FederationContext, tablesOf } from '../context.ts';

const most = 8;

/**
 * People elsewhere whose handle or name begins like what a writer typed: those who follow the writer first, then those
 * who were heard from last. Only who is known here; nobody is asked.
 */
export async function suggestPeople(
  people: readonly SuggestedPerson[],
  { query, userId }: { query: string; userId: string },
  context: FederationContext,
): Promise<readonly SuggestedPerson[]> {
  const begin = query.toLowerCase().replace(/[\\%_]/g, (sign) => `\\${sign}`);
  const like = (column: 'handle_key' | 'name', pattern: string) =>
    sql<boolean>`lower(${sql.ref(`a.${column}`)}) like ${pattern} escape '\\'`;
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_actors as a')
    .leftJoin('plugin_federation_followers as f', (join) =>
      join.onRef('f.actor_id', '=', 'a.id').on('f.user_id', '=', userId),
    )
    .select(['a.handle', 'a.name', 'a.avatar_url'])
    .where('a.gone_at', 'is', null)
    .where('a.handle', 'is not', null)
    .where('a.type', '<>', 'Application')
    .where((eb) =>
      eb.or([like('handle_key', `@${begin}%`), like('name', `${begin}%`), like('name', `% ${begin}%`)]),
    )
    .orderBy(sql`case when f.actor_id is null then 1 else 0 end`)
    .orderBy('a.last_seen_at', 'desc')
    .limit(most)
    .execute();
  const known = rows.flatMap(({ handle, name, avatar_url: avatarUrl }) =>
    handle === null ? [] : [{ handle, name, avatarUrl }],
  );
  return [...people, ...known];
}
