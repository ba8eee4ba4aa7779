/** An address as it may be stored of something on the web: http or https, at most 2,048 characters; null for any other. */
export function webAddress(address: string | null | undefined): string | null {
  if (!address || address.length > 2048 || !/^https?:\/\//i.test(address)) return null;
  return URL.parse(address)?.href ?? null;
}

/** The host that an address leads to, as a browser writes it; null for what is none of the web. */
export function webHost(address: string | null | undefined): string | null {
  const known = webAddress(address);
  return known === null ? null : new URL(known).host;
}
