/**
 * A JSON value as text that does not depend on the order of members (RFC 8785 but for the order,
 * which is that of UTF-16 code units there as here, and numbers, which are ECMAScript's in both).
 * For values of bounded depth: it recurses.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const texts = members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
  return `{${texts.join(',')}}`
}
