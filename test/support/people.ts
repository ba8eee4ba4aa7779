import type { Deps } from '../../src/deps.ts';
import { newId } from '../../src/ids.ts';
import type { Role, User } from '../../src/users/user.ts';
import { insertUser } from '../../src/users/user-store.ts';

/** Somebody with an account and no password that would fit: making one takes its time. */
export async function addUser(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  username: string,
  role: Role = 'admin',
): Promise<User> {
  const user: User = {
    id: newId(),
    username,
    name: username,
    email: `${username}@mail.example`,
    role,
    bio: '',
    avatarId: null,
    headerId: null,
    links: [],
    disabled: false,
    createdAt: clock.iso(),
    updatedAt: clock.iso(),
  };
  await insertUser(db, user, 'none');
  return user;
}
