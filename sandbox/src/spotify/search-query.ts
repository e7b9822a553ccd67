const FIELD = /(?:^|\s)(track|artist|album|isrc|year|genre|upc|tag):/gi

export interface SearchQuery {
  /** The words outside every field. */
  readonly words: string
  readonly fields: Readonly<Record<string, string>>
}

/** A quoted value ends at its quote; what follows are free words. */
function filterValue(text: string): { value: string; rest: string } {
  const quoted = /^\s*"([^"]*)"?(.*)$/s.exec(text)
  if (quoted) return { value: (quoted[1] ?? '').trim(), rest: quoted[2] ?? '' }
  return { value: text.trim(), rest: '' }
}

/**
 * Splits `remaster track:Doxy artist:"Miles Davis"` into free words and field filters
 * (https://developer.spotify.com/documentation/web-api/reference/search). A filter without quotes
 * reaches to the next one.
 */
export function parseSearchQuery(query: string): SearchQuery {
  const marks = [...query.matchAll(FIELD)]
  const words = [query.slice(0, marks[0]?.index ?? query.length)]
  const fields: Record<string, string> = {}
  marks.forEach((mark, i) => {
    const end = marks[i + 1]?.index ?? query.length
    const { value, rest } = filterValue(query.slice(mark.index + mark[0].length, end))
    fields[(mark[1] ?? '').toLowerCase()] = value
    words.push(rest)
  })
  return { words: words.join(' ').replaceAll('"', ' ').trim(), fields }
}
