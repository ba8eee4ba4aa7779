import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Source: IANA IPv4 Special-Purpose Address Registry (RFC 6890 and successors), and 168.63.129.16, an address from
 * the public space at which one cloud answers its own machines with their secrets.
 */
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '168.63.129.16/32',
].map((block) => ipaddr.IPv4.parseCIDR(block));

/** The only block from which global unicast addresses are given out. Source: RFC 4291, section 2.4, and IANA. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * What is special inside 2000::/3: protocol assignments (Teredo, ORCHID, benchmarking), documentation, 6to4, 6bone, AS112.
 * Source: IANA IPv6 Special-Purpose Address Registry.
 */
const NOT_PUBLIC_IPV6 = [
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3ffe::/16',
  '3fff::/20',
].map((block) => ipaddr.IPv6.parseCIDR(block));

/**
 * Whether an IP address, in the canonical form that a resolver or `URL` gives, is one of the public internet. Everything
 * else is not: private, loopback, link-local (also with a zone), multicast, reserved, every IPv6 form that carries an IPv4
 * address, and what is no IP address at all.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) {
    const ip = ipaddr.IPv4.parse(address);
    return !NOT_PUBLIC_IPV4.some((block) => ip.match(block));
  }
  if (family === 6 && !address.includes('%')) {
    const ip = ipaddr.IPv6.parse(address);
    return ip.match(GLOBAL_IPV6) && !NOT_PUBLIC_IPV6.some((block) => ip.match(block));
  }
  return false;
}
