/** People elsewhere: by the ids that their place gives them, or all of a host and of the hosts below it. */
export type AuthorsElsewhere = { ids?: readonly string[]; hosts?: readonly string[] };

/** A host with and without its port, and each domain above it. */
function hostAndAbove(id: string): string[] {
  const url = URL.parse(id);
  if (!url) return [];
  const labels = url.hostname.split('.');
  return [url.host, ...labels.map((_, index) => labels.slice(index).join('.'))];
}

/** Tells whether an author's id is meant. */
export function isMeant({ ids = [], hosts = [] }: AuthorsElsewhere): (id: string) => boolean {
  const known = new Set(ids);
  const places = new Set(hosts.map((host) => host.toLowerCase()));
  return (id) => known.has(id) || (places.size > 0 && hostAndAbove(id).some((host) => places.has(host)));
}
