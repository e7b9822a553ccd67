import { createHash } from 'node:crypto'

/** Longer keys are replaced by their digest; leaves room for a cache's own prefix. */
const MAX_KEY_LENGTH = 120

const plain = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()

/**
 * One key for texts that ask the same: case, width and spacing do not matter. Punctuation does,
 * since brackets tell a title from a remark. At most 120 characters, unique up to SHA-256.
 */
export function queryKey(...texts: readonly string[]): string {
  // A line break cannot occur in a plain text, so two lists of texts never share a key.
  const key = texts.map((text) => plain(text)).join('\n')
  if (key.length <= MAX_KEY_LENGTH) return key
  return `sha256:${createHash('sha256').update(key).digest('base64url')}`
}
