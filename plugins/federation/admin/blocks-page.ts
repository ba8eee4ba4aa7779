import type { AdminPage } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { blockTarget, unblockTarget } from '../moderation/apply-block.ts';
import { listBlocks } from '../moderation/block-store.ts';
import { field, placesFor, signedIn, timeView } from './present.ts';

const mostRows = 1000;

/** Whom this site wants nothing to do with. */
export const blocksPage: AdminPage<FederationContext> = {
  path: 'blocks',
  title: 'Blocks',
  menu: false,
  access: 'admin',
  async load(request, context) {
    const blocks = await listBlocks(tablesOf(context), { limit: mostRows });
    return {
      view: 'admin/blocks',
      data: {
        places: placesFor(context, signedIn(request), 'blocks'),
        blocks: blocks.map(({ value, level, reason, created_at }) => ({
          value,
          isSilence: level === 'silence',
          reason,
          when: timeView(created_at),
        })),
      },
    };
  },
  deeds: {
    async add(request, context) {
      const level = field(request, 'level') === 'silence' ? 'silence' : 'block';
      const reason = field(request, 'reason');
      const { value } = await blockTarget(context, { typed: field(request, 'target'), level, reason });
      return { notice: level === 'block' ? `${value} is blocked.` : `${value} is silenced.` };
    },
    async remove(request, context) {
      const { value } = await unblockTarget(context, field(request, 'value'));
      return { notice: `${value} is not blocked any more. Who followed before has to follow anew.` };
    },
  },
};
