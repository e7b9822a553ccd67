/**
 * The text values of a query or a form. Of a name that is given twice the first counts; anything
 * that is no text is left out.
 */
export function single(fields: unknown): Record<string, string | undefined> {
  if (typeof fields !== 'object' || fields === null) return {}
  const texts: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(fields)) {
    const first: unknown = Array.isArray(value) ? value[0] : value
    if (typeof first === 'string') texts[name] = first
  }
  return texts
}

/** Every text value of one name, in order. */
export function all(fields: unknown, name: string): string[] {
  if (typeof fields !== 'object' || fields === null) return []
  const value: unknown = new Map(Object.entries(fields)).get(name)
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((one) => typeof one === 'string')
}

/** A whole number within bounds; undefined when the text is anything else. */
export function wholeNumber(text: string, least: number, most: number): number | undefined {
  if (!/^\d{1,15}$/.test(text)) return undefined
  const value = Number(text)
  return value >= least && value <= most ? value : undefined
}
