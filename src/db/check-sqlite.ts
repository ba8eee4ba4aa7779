import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';

const walMagic = [0x377f0682, 0x377f0683];

/** What is wrong with the first bytes of a write-ahead log. An empty one, and one that never got its first bytes, hold nothing. */
function faultOfWal(file: string): string | null {
  if (!existsSync(file)) return null;
  const head = Buffer.alloc(32);
  const handle = openSync(file, 'r');
  try {
    if (readSync(handle, head, 0, head.length, 0) < head.length || head.every((byte) => byte === 0))
      return null;
  } finally {
    closeSync(handle);
  }
  return walMagic.includes(head.readUInt32BE(0)) ? null : `${path.basename(file)} is no log of SQLite`;
}

/**
 * What is wrong with a database file, in SQLite's words; null where it is whole. Nothing is written.
 * Source: SQLite, PRAGMA quick_check.
 */
export function faultOf(file: string): string | null {
  const inLog = faultOfWal(`${file}-wal`);
  if (inLog) return inLog;
  try {
    const sqlite = new SqliteDatabase(file, { readonly: true, timeout: 5000 });
    try {
      const rows = sqlite.prepare<[], { quick_check: string }>('pragma quick_check(3)').all();
      const text = rows.map((row) => row.quick_check).join('; ');
      return text === 'ok' ? null : text;
    } finally {
      sqlite.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
