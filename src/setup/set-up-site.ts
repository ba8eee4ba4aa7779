import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '../db/open.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { ConflictError, InvalidError } from '../errors.ts';
import { createPost } from '../posts/write-post.ts';
import { getSetting, putSetting, removeSetting } from '../settings/setting-store.ts';
import { changeSettings, type SiteSettings } from '../settings/site-settings.ts';
import { createUser } from '../users/accounts.ts';
import type { User } from '../users/user.ts';
import { countUsers } from '../users/user-store.ts';
import { firstPost } from './first-post.ts';

const tokenKey = 'setup.token';
const claimKey = 'setup.claimed';

/** Whether the blog has an owner. */
export async function isSetUp(db: Database): Promise<boolean> {
  return (await countUsers(db)) > 0;
}

/** The token of the set-up link: the same until the set-up is done, null after. */
export async function setupToken(db: Database): Promise<string | null> {
  if (await isSetUp(db)) return null;
  const known = await getSetting(db, tokenKey);
  if (typeof known === 'string') return known;
  await db
    .insertInto('settings')
    .values({ key: tokenKey, value: JSON.stringify(randomBytes(24).toString('base64url')) })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  return String(await getSetting(db, tokenKey));
}

/** Whether that is the token of the set-up link. */
export async function isSetupToken(db: Database, token: string): Promise<boolean> {
  const expected = await setupToken(db);
  if (expected === null) return false;
  const [a, b] = [Buffer.from(expected), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What the owner says at the start. */
export type SetupInput = {
  title: string;
  username: string;
  email: string;
  password: string;
  name?: string | undefined;
};

/**
 * Makes the first account and names the blog. Of two at the same moment one wins.
 * @throws ConflictError `setup.done`
 * @throws InvalidError with the fields that are wrong
 */
export async function setUpSite(deps: Deps, input: SetupInput): Promise<{ site: SiteSettings; user: User }> {
  if (input.title.trim() === '' || [...input.title].length > 120) {
    throw new InvalidError(
      'setup.invalid',
      'Give the blog a title of up to 120 characters.',
      { title: 'Give a title of up to 120 characters.' },
      422,
    );
  }
  await claim(deps);
  try {
    const user = await createUser(deps, { ...input, role: 'admin' });
    const site = await changeSettings(deps, { title: input.title });
    await createPost(deps, { authorId: user.id, ...firstPost(user) });
    await removeSetting(deps.db, tokenKey);
    return { site, user };
  } finally {
    await removeSetting(deps.db, claimKey);
  }
}

/** Only one set-up goes on at a time; a claim of a process that died is void after a minute. */
async function claim(deps: Deps): Promise<void> {
  const done = () => new ConflictError('setup.done', 'The blog is set up already. Sign in instead.');
  await inTransaction(deps.db, async (trx) => {
    if (await isSetUp(trx)) throw done();
    const claimed = await getSetting(trx, claimKey);
    if (typeof claimed === 'string' && Date.parse(claimed) > deps.clock.now().getTime() - 60_000) {
      throw new ConflictError('setup.running', 'Somebody else is setting the blog up right now.');
    }
    await putSetting(trx, claimKey, deps.clock.iso());
  });
}
