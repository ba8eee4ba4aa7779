import type SqliteDatabase from 'better-sqlite3';
import type { SqliteDatabase as KyselySqlite, SqliteStatement } from 'kysely';
import { LRUCache } from 'lru-cache';
import { isRepeatable } from './durability.ts';

/**
 * Hands Kysely a SQLite database that remembers its prepared statements: preparing anew for each
 * query is four fifths of the query's cost. Write transactions begin at once as writers, so that
 * two of them never meet halfway. What is written waits for the disk unless it is repeatable.
 */
export function rememberStatements(sqlite: SqliteDatabase.Database): KyselySqlite {
  const statements = new LRUCache<string, SqliteStatement>({ max: 500 });
  let waits = true;
  // Within a transaction the level stays as it was at its beginning.
  const settle = () => {
    if (waits !== isRepeatable() || sqlite.inTransaction) return;
    waits = !waits;
    sqlite.pragma(waits ? 'synchronous = FULL' : 'synchronous = NORMAL');
  };
  return {
    prepare(text) {
      const sql = text === 'begin' ? 'begin immediate' : text;
      let statement = statements.get(sql);
      if (!statement) {
        statement = adapt(sqlite.prepare(sql), settle);
        // A change of the schema would leave a remembered statement with the columns of before.
        if (/^\s*(create|alter|drop)\b/i.test(sql)) statements.clear();
        else statements.set(sql, statement);
      }
      return statement;
    },
    close: () => sqlite.close(),
  };
}

function adapt(statement: SqliteDatabase.Statement, settle: () => void): SqliteStatement {
  const writes = !statement.readonly;
  return {
    reader: statement.reader,
    all(parameters) {
      if (writes) settle();
      return statement.all(...parameters);
    },
    run(parameters) {
      settle();
      return statement.run(...parameters);
    },
    iterate: (parameters) => statement.iterate(...parameters),
  };
}
