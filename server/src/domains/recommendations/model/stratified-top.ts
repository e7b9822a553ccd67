/** A row of the model before truncation: `weights` is indexed by track, `tracks` lists which. */
export interface DenseRow {
  readonly tracks: readonly number[]
  readonly weights: Float64Array
}

export interface Strata {
  /** Kept whatever their language. */
  overall: number
  /** Kept in addition, for each language. */
  perLanguage: number
  /** The language numbers of a track. */
  languagesOf(track: number): Int32Array
}

/**
 * The heaviest tracks of a row, and beyond them the heaviest of each language, heaviest first.
 *
 * A list cut by weight alone holds few tracks or none of a small language, and a later choice
 * of that language then finds nothing. Equal weights are ordered by track number, so that the
 * same training set gives the same model.
 */
export function stratifiedTop({ tracks, weights }: DenseRow, strata: Strata): number[] {
  const weightOf = (track: number) => weights[track] ?? 0
  const ordered = tracks.toSorted((a, b) => weightOf(b) - weightOf(a) || a - b)
  const kept = ordered.slice(0, strata.overall)
  if (strata.perLanguage === 0) return kept
  const taken = new Map<number, number>()
  for (const track of ordered.slice(strata.overall)) {
    let wanted = false
    for (const language of strata.languagesOf(track)) {
      const count = taken.get(language) ?? 0
      if (count >= strata.perLanguage) continue
      taken.set(language, count + 1)
      wanted = true
    }
    if (wanted) kept.push(track)
  }
  return kept
}
