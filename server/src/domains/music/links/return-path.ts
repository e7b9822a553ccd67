const DEFAULT_PATH = '/'
const MAX_LENGTH = 500
/** Browsers drop tabs and line breaks from a URL and read `\` as `/`, each a way off the site. */
const DECEPTIVE = /[\p{Cc}\s\\]/u

/**
 * Where to send a browser back to: a path on our own site, as a URL parser understands it.
 * Anything else (another origin, `//host`, `/\host`, CRLF) is the default page.
 */
export function safeReturnPath(wanted: string | undefined, publicUrl: string): string {
  if (wanted === undefined || wanted.length > MAX_LENGTH) return DEFAULT_PATH
  if (!wanted.startsWith('/') || DECEPTIVE.test(wanted)) return DEFAULT_PATH
  if (!URL.canParse(wanted, publicUrl)) return DEFAULT_PATH
  const { origin, pathname, search, hash } = new URL(wanted, publicUrl)
  // The parser also resolves `/.//host`, whose outcome would be another site as a relative link.
  if (origin !== new URL(publicUrl).origin || pathname.startsWith('//')) return DEFAULT_PATH
  const path = pathname + search + hash
  return path.length > MAX_LENGTH ? DEFAULT_PATH : path
}
