import type { Policy, Rule } from '../policies/rules.ts';
import { PUBLIC } from './audience.ts';
import type { Json } from './context-out.ts';

/** Whom the rules of an object speak of, by their ids. */
type People = { author: string; followers: string; mentioned: readonly string[] };

/**
 * What others may do with an object, as they read it: Mastodon and FEP-044f `canQuote` alone, GoToSocial all four. The
 * members `always` and `approvalRequired` are for GoToSocial up to 0.18; the author is named where nobody else is,
 * because an empty list is nothing to JSON-LD and nothing said means everybody.
 * Source: FEP-044f, "Advertising a quote policy"; GoToSocial, documentation "Interaction policy"
 */
export function interactionPolicyOf(policy: Policy, people: People): Json {
  return {
    canQuote: automatic(policy.quote, people),
    canReply: withFormer(automatic(policy.reply, people)),
    canLike: withFormer(automatic(policy.like, people)),
    canAnnounce: withFormer(automatic(policy.boost, people)),
  };
}

type Approvals = { automaticApproval: string[]; manualApproval?: string[] };

function automatic(rule: Rule, { author, followers, mentioned }: People): Approvals {
  switch (rule) {
    case 'everybody':
      return { automaticApproval: [PUBLIC] };
    case 'followers':
      return { automaticApproval: [author, followers, ...mentioned] };
    case 'mentioned':
      return { automaticApproval: [author, ...mentioned] };
    case 'ask':
      return { automaticApproval: [author], manualApproval: [PUBLIC] };
    case 'nobody':
      return { automaticApproval: [author] };
  }
}

function withFormer(approvals: Approvals): Json {
  return {
    ...approvals,
    always: approvals.automaticApproval,
    approvalRequired: approvals.manualApproval ?? [],
  };
}
