/** One line of the table: what was measured, held against a limit or a peer that was measured in the same run. */
export type Row = {
  what: string;
  /** As it is shown, with its unit. */
  value: string;
  /** What it is held against, with its value; null where there is nothing to hold it against. */
  against: string | null;
  /** Outpost's value divided by the other. */
  ratio: number | null;
  /** The ratio that is to be reached. */
  wanted: number | null;
};

/** The middle one of several values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('There is no median of nothing.');
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** A rate as it is shown: whole numbers with thousands apart. */
export function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en-US')}/s`;
}

/** A row in which more is better. */
export function rate(
  what: string,
  ours: number,
  other: { name: string; rate: number },
  wanted: number | null = null,
): Row {
  return {
    what,
    value: perSecond(ours),
    against: `${other.name}: ${perSecond(other.rate)}`,
    ratio: ours / other.rate,
    wanted,
  };
}
