import { SITE } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { saveMention } from '../mentions/mention-store.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import { idOfRef } from './agree.ts';
import type { Circumstances, Result } from './circumstances.ts';
import { findTarget } from './local-target.ts';

/** Somebody reports something to those who run this site: only they see it, and it changes nothing by itself. */
export async function handleFlag(
  activity: ForeignActivity,
  context: FederationContext,
  how: Circumstances,
): Promise<Result> {
  if (activity.id === null || how.level === 'silence') return 'dropped';
  const reported = activity.objects.slice(0, 20).flatMap((ref) => idOfRef(ref) ?? []);
  const targets = await Promise.all(reported.map((iri) => findTarget(context, iri)));
  const post = targets.find((target) => target !== null)?.post ?? null;
  await saveMention(context, {
    userId: SITE,
    objectId: activity.id,
    actorId: activity.actor,
    visibility: 'report',
    html: reportHtml(activity.content ?? '', reported),
    url: reported.find((iri) => iri.startsWith(context.origin)) ?? reported[0] ?? null,
    inReplyTo: null,
    postId: post?.id ?? null,
  });
  return 'a report for those who run the site';
}

function reportHtml(text: string, reported: readonly string[]): string {
  const escaped = (value: string) =>
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const links = reported.map((iri) => `<li><a href="${escaped(iri)}">${escaped(iri)}</a></li>`).join('');
  return `<p>${escaped(text === '' ? 'Without words.' : text)}</p><ul>${links}</ul>`;
}
