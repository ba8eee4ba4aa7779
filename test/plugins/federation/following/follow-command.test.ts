import { expect, test } from 'vitest';
import { commands } from '../../../../plugins/federation/cli.ts';

test('who asked to follow is told that the other side has to accept, and where to look', () => {
  const follow = commands.find(({ name }) => name === 'follow');
  expect(follow?.next?.({ state: 'requested' })).toMatch(
    /has to accept.*outpost federation following.*Followers → Following/,
  );
  expect(follow?.next?.({ state: 'accepted' })).toBeNull();
});
