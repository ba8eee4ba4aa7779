/** What others can do with a post. */
export type Deed = 'reply' | 'like' | 'boost' | 'quote';

/** Who may. `mentioned` are those whom the post names; `ask` lets everybody ask and the author decide. */
export type Rule = 'everybody' | 'followers' | 'mentioned' | 'ask' | 'nobody';

/** What an author lets others do with a post. The author may do everything, whatever the rules say. */
export type Policy = Readonly<Record<Deed, Rule>>;

/** What is known of somebody who wants to do something with a post. */
export type Standing = { isAuthor: boolean; isFollower: boolean; isMentioned: boolean };

/** Whether somebody may; `ask` where the author is to decide. */
export type Permission = { kind: 'allowed' } | { kind: 'ask' } | { kind: 'refused'; reason: string };

const doing: Readonly<Record<Deed, string>> = {
  reply: 'reply to',
  like: 'like',
  boost: 'boost',
  quote: 'quote',
};

/** Holds somebody against a rule. Who is named in a post may do what its author's followers may. */
export function decide(deed: Deed, rule: Rule, { isAuthor, isFollower, isMentioned }: Standing): Permission {
  if (isAuthor) return { kind: 'allowed' };
  switch (rule) {
    case 'everybody':
      return { kind: 'allowed' };
    case 'ask':
      return { kind: 'ask' };
    case 'followers':
      return isFollower || isMentioned ? { kind: 'allowed' } : refused(deed, 'only followers');
    case 'mentioned':
      return isMentioned ? { kind: 'allowed' } : refused(deed, 'only those who are named in it');
    case 'nobody':
      return refused(deed, 'nobody');
  }
}

function refused(deed: Deed, who: string): Permission {
  return { kind: 'refused', reason: `the author lets ${who} ${doing[deed]} this post` };
}
