import { type FederationContext, tablesOf } from '../context.ts';

/** What was deleted here does not come back, from wherever it is offered again. */
export async function noteRemoval(context: FederationContext, commentId: string): Promise<void> {
  await tablesOf(context)
    .updateTable('plugin_federation_answers')
    .set({ state: 'removed', comment_id: null, look_at: null, signed: null })
    .where('comment_id', '=', commentId)
    .execute();
}
