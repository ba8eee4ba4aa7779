const codes = new Set([
  // The network and the disk under the database.
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EMFILE',
  'ENFILE',
  // PostgreSQL: gave up among many who changed the same, or could not get a lock.
  '40001',
  '40P01',
  '55P03',
]);
/** SQLite's result codes, and PostgreSQL's classes 08 (connection), 53 (resources) and 57P (taken down). */
const codeForms = /^(SQLITE_(BUSY|LOCKED|READONLY|IOERR|FULL|CANTOPEN)|(08|53)[0-9A-Z]{3}$|57P)/;
/** What `pg` says without a code. */
const messageForms =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

/**
 * The code of an error that says nothing about what was asked for, only that the database cannot be used at this
 * moment; null for every other error. Trying again later makes sense, and nobody's work is to blame.
 */
export function databaseUnavailable(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (codes.has(code) || codeForms.test(code)) return code;
  return code === '' && messageForms.test(error.message) ? error.message : null;
}
