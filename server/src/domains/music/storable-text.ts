const MAX_TEXT = 500

/**
 * Text that PostgreSQL can store: without U+0000 and lone surrogates, and at most `maxLength`
 * UTF-16 units, which are never fewer than the characters that a column's check counts.
 */
export function storableText(text: string, maxLength = MAX_TEXT): string {
  return text.replaceAll('\0', '').trim().slice(0, maxLength).toWellFormed()
}
