/** Where a page may take things from: only from here, and pictures from anywhere over https. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
  "img-src 'self' data: https:",
  "media-src 'self' https:",
  "object-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
].join('; ');

/** Header fields that every answer carries, whatever it is. */
export function securityHeaders(origin: string): Readonly<Record<string, string>> {
  const always = {
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'SAMEORIGIN',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), browsing-topics=()',
  };
  return origin.startsWith('https:')
    ? { ...always, 'Strict-Transport-Security': 'max-age=31536000' }
    : always;
}
