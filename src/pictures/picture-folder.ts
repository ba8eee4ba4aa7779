import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** How many files, and bytes in all, are kept, and for how long. */
type Room = { files: number; bytes: number; ageMs: number };

/** Small pictures on the disk, the oldest of which go when there is no room. */
export type PictureFolder = {
  /** The picture and when it was put there; null where it is not. */
  find(key: string): Promise<{ bytes: Buffer; storedAt: Date } | null>;
  put(key: string, bytes: Buffer): Promise<void>;
  /** Removes what is too old, and the oldest files until what is left has room. Gives how many. */
  tidy(): Promise<number>;
};

/** How many are put there between two looks at the room. */
const putsBetween = 200;

/** @param folder is made when the first picture is put there */
export function createPictureFolder(folder: string, room: Room): PictureFolder {
  let puts = 0;
  const fileOf = (key: string) =>
    path.join(folder, `${createHash('sha256').update(key).digest('base64url')}.webp`);

  async function tidy(): Promise<number> {
    const files: { file: string; size: number; at: number }[] = [];
    for (const name of await readdir(folder).catch(emptyWhereAbsent)) {
      const file = path.join(folder, name);
      const found = await stat(file).catch(nullWhereAbsent);
      if (found) files.push({ file, size: found.size, at: found.mtimeMs });
    }
    files.sort((a, b) => b.at - a.at);
    let bytes = 0;
    let removed = 0;
    const oldest = Date.now() - room.ageMs;
    for (const [index, { file, size, at }] of files.entries()) {
      bytes += size;
      if (index < room.files && bytes <= room.bytes && at >= oldest) continue;
      await rm(file, { force: true });
      removed += 1;
    }
    return removed;
  }

  return {
    async find(key) {
      const file = fileOf(key);
      const found = await stat(file).catch(nullWhereAbsent);
      const bytes = found && (await readFile(file).catch(nullWhereAbsent));
      return found && bytes ? { bytes, storedAt: found.mtime } : null;
    },
    async put(key, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = fileOf(key);
      const draft = `${file}.${process.pid}.part`;
      await writeFile(draft, bytes, { mode: 0o600 });
      await rename(draft, file);
      if (puts % putsBetween === 0) await tidy();
      puts += 1;
    },
    tidy,
  };
}

function nullWhereAbsent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

function emptyWhereAbsent(error: unknown): string[] {
  return nullWhereAbsent(error) ?? [];
}
