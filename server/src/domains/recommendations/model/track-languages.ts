import { createHash } from 'node:crypto'

/** The languages of the tracks of a training set, numbered; rows are compressed (CSR). */
export interface LanguageColumns {
  /** Sorted primary subtags; a language's place here is its number. */
  readonly languages: readonly string[]
  readonly languageOffsets: Int32Array
  readonly trackLanguages: Int32Array
  /** Hex SHA-256 over each track's languages. */
  readonly languagesHash: string
}

/**
 * Lays out which languages each track is sung in.
 * @param languagesOf primary subtags of a track; empty when unknown.
 */
export function languageColumns(
  trackIds: readonly string[],
  languagesOf: (trackId: string) => readonly string[],
): LanguageColumns {
  const rows = trackIds.map((trackId) => [...new Set(languagesOf(trackId))].toSorted())
  const languages = [...new Set(rows.flat())].toSorted()
  const numberOf = new Map(languages.map((language, number) => [language, number]))
  const languageOffsets = new Int32Array(trackIds.length + 1)
  const trackLanguages: number[] = []
  const hash = createHash('sha256')
  for (const [track, row] of rows.entries()) {
    for (const language of row) trackLanguages.push(numberOf.get(language) ?? 0)
    languageOffsets[track + 1] = trackLanguages.length
    hash.update(JSON.stringify([trackIds[track], row]))
  }
  return {
    languages,
    languageOffsets,
    trackLanguages: Int32Array.from(trackLanguages),
    languagesHash: hash.digest('hex'),
  }
}
