import type SqliteDatabase from 'better-sqlite3';
import type { SqliteDatabase as KyselySqlite, SqliteStatement } from 'kysely';
import { LRUCache } from 'lru-cache';

/**
 * Hands Kysely a SQLite database that remembers its prepared statements: preparing anew for each
 * query is four fifths of the query's cost. Write transactions begin at once as writers, so that
 * two of them never meet halfway.
 */
export function rememberStatements(sqlite: SqliteDatabase.Database): KyselySqlite {
  const statements = new LRUCache<string, SqliteStatement>({ max: 500 });
  return {
    prepare(text) {
      const sql = text === 'begin' ? 'begin immediate' : text;
      let statement = statements.get(sql);
      if (!statement) {
        statement = adapt(sqlite.prepare(sql));
        // A change of the schema would leave a remembered statement with the columns of before.
        if (/^\s*(create|alter|drop)\b/i.test(sql)) statements.clear();
        else statements.set(sql, statement);
      }
      return statement;
    },
    close: () => sqlite.close(),
  };
}

function adapt(statement: SqliteDatabase.Statement): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => statement.all(...parameters),
    run: (parameters) => statement.run(...parameters),
    iterate: (parameters) => statement.iterate(...parameters),
  };
}
