/** A number for whoever watches over the machine, at this moment; with labels where there are several of a kind. */
export type Metric = {
  /** As Prometheus wants it: `outpost_<plugin id>_…`, lower case, with the unit at its end. */
  name: string;
  about: string;
  values: readonly { labels?: Readonly<Record<string, string>>; value: number }[];
};
