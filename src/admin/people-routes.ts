import type { Router } from 'express';
import { cleanLine } from '../content/clean-text.ts';
import { requireDeed } from '../http/visitor.ts';
import { pictureLink } from '../pictures/picture-address.ts';
import type { AdminDeps } from './admin-deps.ts';
import { queryOf } from './admin-request.ts';

const longestQuery = 100;
const mostPeople = 8;

/** Whom a writer may mean who has typed `@` and some letters: what plugins know, for the list below the cursor. */
export function addPeopleRoutes(router: Router, deps: AdminDeps): void {
  router.get('/admin/people', async (req, res) => {
    const { id: userId } = requireDeed(req, 'posts.write');
    const query = cleanLine(queryOf(req, 'q').slice(0, longestQuery)).replace(/^@/, '');
    const found =
      query === '' ? [] : await deps.hooks.filters.apply('people.suggested', [], { query, userId });
    const link = pictureLink(deps);
    const people = found.slice(0, mostPeople).map(({ handle, name, avatarUrl }) => ({
      handle,
      name,
      avatarUrl: avatarUrl && link('face', avatarUrl),
    }));
    res.json({ people });
  });
}
