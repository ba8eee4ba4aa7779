import { expect, test } from 'vitest';
import { findPost } from '../../src/posts/post-store.ts';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import {
  checkPassword,
  createUser,
  deleteUser,
  setPassword,
  setRole,
  updateProfile,
} from '../../src/users/accounts.ts';
import { fitsPassword, hashPassword } from '../../src/users/password.ts';
import {
  findSession,
  insertSession,
  listSessions,
  removeExpiredSessions,
  sessionIdleMs,
} from '../../src/users/session-store.ts';
import { findLogin, findUser, findUserByUsername, findUsers, listUsers } from '../../src/users/user-store.ts';
import { forEachDatabase } from '../support/databases.ts';
import { addUser } from '../support/people.ts';

const marit = {
  username: 'Marit',
  email: 'Marit@Mail.example',
  password: 'long enough',
  role: 'admin',
} as const;

forEachDatabase((openCore) => {
  test('public posts that are handed over are told as changed, and go to nobody who cannot publish', async () => {
    const deps = await openCore();
    const [leaving, heir, reader] = [
      await createUser(deps, marit),
      await createUser(deps, { ...marit, username: 'heir', email: 'heir@mail.example' }),
      await createUser(deps, { ...marit, username: 'rita', email: 'rita@mail.example', role: 'subscriber' }),
    ];
    const told: string[] = [];
    deps.hooks.subscribe('listener', {
      actions: {
        'post.updated': async (payload) => void told.push((payload as { postId: string }).postId),
      },
      filters: {},
    });
    const out = await publishPost(deps, (await createPost(deps, { title: 'Out', authorId: leaving.id })).id);
    const draft = await createPost(deps, { title: 'Draft', authorId: leaving.id });
    await expect(deleteUser(deps, leaving.id, { reassignTo: reader.id })).rejects.toMatchObject({
      code: 'user.reassign',
      status: 422,
    });
    expect((await findPost(deps.db, draft.id))?.authorId).toBe(leaving.id);
    await deps.jobs.start();
    await deleteUser(deps, leaving.id, { reassignTo: heir.id });
    await deps.jobs.idle();
    expect(told).toEqual([out.id]);
    expect((await findPost(deps.db, draft.id))?.authorId).toBe(heir.id);
  });

  test('a user is found by name and e-mail address in any case, and signs in with either', async () => {
    const deps = await openCore();
    const user = await createUser(deps, { ...marit, name: 'Marit Oosterhuis' });

    expect(await findUser(deps.db, user.id)).toEqual(user);
    expect(await findUserByUsername(deps.db, 'MARIT')).toEqual(user);
    expect((await findLogin(deps.db, ' marit@mail.EXAMPLE '))?.user.id).toBe(user.id);
    expect((await checkPassword(deps, 'marit', 'long enough'))?.id).toBe(user.id);
    expect(await checkPassword(deps, 'marit', 'long enougH')).toBeNull();
    expect(await checkPassword(deps, 'nobody', 'long enough')).toBeNull();
    expect((await findUsers(deps.db, [user.id, 'nothing'])).size).toBe(1);
  });

  test('a name or address that is taken is refused, in another case and as the other kind too', async () => {
    const deps = await openCore();
    await createUser(deps, marit);
    await expect(
      createUser(deps, { ...marit, username: 'mARIT', email: 'a@b.example' }),
    ).rejects.toMatchObject({ code: 'user.taken' });
    await expect(createUser(deps, { ...marit, username: 'other' })).rejects.toMatchObject({
      code: 'user.taken',
    });
  });

  test('of two who take the same name at once one gets it, and the other is told', async () => {
    const deps = await openCore();
    const results = await Promise.allSettled([
      createUser(deps, marit),
      createUser(deps, { ...marit, email: 'x@mail.example' }),
    ]);

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'user.taken' },
    });
  });

  test.each([
    ['username', { username: 'has space' }],
    ['username', { username: '_a' }],
    ['email', { email: 'nothing' }],
    ['password', { password: 'short' }],
    ['name', { name: 'x'.repeat(101) }],
  ])('a %s that cannot be used is refused by name', async (field, change) => {
    const deps = await openCore();
    await expect(createUser(deps, { ...marit, ...change })).rejects.toMatchObject({
      fields: { [field]: expect.any(String) },
    });
    expect(await listUsers(deps.db)).toEqual([]);
  });

  test('a session is known by its token until it has run out, and lives on while it is used', async () => {
    const deps = await openCore();
    const user = await addUser(deps, 'marit');
    const { token, session } = await insertSession(deps.db, {
      userId: user.id,
      userAgent: 'x',
      now: deps.clock.now(),
    });
    expect(await findSession(deps.db, token, deps.clock.now())).toEqual({ user, session });
    expect(await findSession(deps.db, session.id, deps.clock.now())).toBeNull();

    deps.clock.advance(sessionIdleMs - 1000);
    expect(await findSession(deps.db, token, deps.clock.now())).not.toBeNull();
    deps.clock.advance(sessionIdleMs - 1000);
    expect(await findSession(deps.db, token, deps.clock.now())).not.toBeNull();
    deps.clock.advance(sessionIdleMs);
    expect(await findSession(deps.db, token, deps.clock.now())).toBeNull();
    await removeExpiredSessions(deps.db, deps.clock.iso());
    expect(await listSessions(deps.db, user.id)).toEqual([]);
  });

  test('a new password ends the other sessions, a new role or a closed account ends all', async () => {
    const deps = await openCore();
    const user = await addUser(deps, 'marit');
    await addUser(deps, 'otto');
    const begin = () => insertSession(deps.db, { userId: user.id, userAgent: 'x', now: deps.clock.now() });
    const kept = await begin();
    await begin();
    await setPassword(deps, user.id, 'another one', kept.session.id);
    expect((await listSessions(deps.db, user.id)).map(({ id }) => id)).toEqual([kept.session.id]);

    await setRole(deps, user.id, { role: 'author', disabled: true });
    expect(await findSession(deps.db, kept.token, deps.clock.now())).toBeNull();
    expect(await checkPassword(deps, 'marit', 'another one')).toBeNull();
  });

  test('the posts of somebody who leaves go to the heir, and what they typed goes with them', async () => {
    const deps = await openCore();
    const [user, heir] = [await addUser(deps, 'marit'), await addUser(deps, 'otto')];
    const post = await createPost(deps, { authorId: user.id, title: 'Hello' });
    await deleteUser(deps, user.id, { reassignTo: heir.id });

    expect((await findPost(deps.db, post.id))?.authorId).toBe(heir.id);
    expect(await findUser(deps.db, user.id)).toBeNull();
    await expect(deleteUser(deps, heir.id, { reassignTo: heir.id })).rejects.toMatchObject({
      code: 'user.reassign',
    });
  });

  test('somebody who may manage the site is always left', async () => {
    const deps = await openCore();
    const [admin, author] = [await addUser(deps, 'marit'), await addUser(deps, 'otto', 'author')];

    const last = { code: 'user.last_admin' };
    await expect(deleteUser(deps, admin.id, { reassignTo: author.id })).rejects.toMatchObject(last);
    await expect(setRole(deps, admin.id, { role: 'editor', disabled: false })).rejects.toMatchObject(last);
    await expect(setRole(deps, admin.id, { role: 'admin', disabled: true })).rejects.toMatchObject(last);
    await addUser(deps, 'second');
    expect(await setRole(deps, admin.id, { role: 'editor', disabled: false })).toMatchObject({
      role: 'editor',
    });
  });

  test('a profile keeps its links in order, and refuses what is no web address', async () => {
    const deps = await openCore();
    const user = await addUser(deps, 'marit');
    const links = [
      { label: 'Site', url: 'https://marit.example/' },
      { label: 'Code', url: 'https://code.example/marit' },
    ];
    await updateProfile(deps, user.id, { name: ' Marit ', bio: 'Hi', links });

    expect(await findUser(deps.db, user.id)).toMatchObject({ name: 'Marit', bio: 'Hi', links });
    const bad = { links: [{ label: 'x', url: 'javascript:alert(1)' }] };
    await expect(updateProfile(deps, user.id, bad)).rejects.toMatchObject({
      fields: { links: expect.any(String) },
    });
  });

  test('the newest accounts come first, page after page', async () => {
    const deps = await openCore();
    const users = [await addUser(deps, 'a1'), await addUser(deps, 'b2'), await addUser(deps, 'c3')];
    const first = await listUsers(deps.db, { limit: 2 });

    expect(first.map(({ username }) => username)).toEqual(['c3', 'b2']);
    expect(
      (await listUsers(deps.db, { limit: 2, after: users[1]?.id })).map(({ username }) => username),
    ).toEqual(['a1']);
  });
});

test('a stored password is Argon2id with a salt of its own, and one that cannot be read fits nothing', async () => {
  const [one, two] = [await hashPassword('long enough'), await hashPassword('long enough')];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
  expect(await fitsPassword('long enough', one)).toBe(true);
  expect(await fitsPassword('long enough', one.replace('argon2id', 'argon2i'))).toBe(false);
  expect(await fitsPassword('long enough', '')).toBe(false);
});
