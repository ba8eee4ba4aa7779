import { type RawBuilder, sql } from 'kysely';

/** Whether a column's text begins so, whatever order of letters the database has. */
export function startsWith(column: string, prefix: string): RawBuilder<boolean> {
  return sql<boolean>`substr(${sql.ref(column)}, 1, ${sql.lit([...prefix].length)}) = ${prefix}`;
}
