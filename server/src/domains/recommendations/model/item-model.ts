import type { ModelManifest } from './model-manifest.ts'

/** The arrays of a model. Track numbers index `trackIds`; rows are compressed (CSR). */
export interface ItemModelArrays {
  readonly trackIds: readonly string[]
  /** Primary language subtags; language numbers index this. */
  readonly languages: readonly string[]
  /** Listeners a track. */
  readonly popularity: Int32Array
  /** Track → languages: the part of `trackLanguages` from `languageOffsets[track]` on. */
  readonly languageOffsets: Int32Array
  readonly trackLanguages: Int32Array
  /** Track → neighbours, heaviest first: parts of `targets` and `weights`. */
  readonly offsets: Int32Array
  readonly targets: Int32Array
  readonly weights: Float32Array
}

export interface ItemModel extends ItemModelArrays {
  readonly manifest: ModelManifest
}

/** A model with the look-ups that ranking needs. */
export interface ModelIndex {
  readonly model: ItemModel
  /** The track's number, or undefined when the model does not know it. */
  numberOf(trackId: string): number | undefined
  /** Track numbers in a language, most listened first (then by number). */
  popularIn(language: string): Int32Array
}

/** Builds the look-ups; the lists by popularity are made when a language is first asked for. */
export function indexModel(model: ItemModel): ModelIndex {
  const numbers = new Map(model.trackIds.map((trackId, number) => [trackId, number]))
  const popular = new Map<number, Int32Array>()
  return {
    model,
    numberOf: (trackId) => numbers.get(trackId),
    popularIn(language) {
      const wanted = model.languages.indexOf(language)
      if (wanted === -1) return new Int32Array(0)
      let tracks = popular.get(wanted)
      if (tracks === undefined) {
        tracks = mostListenedIn(model, wanted)
        popular.set(wanted, tracks)
      }
      return tracks
    },
  }
}

function mostListenedIn(model: ItemModel, language: number): Int32Array {
  const found: number[] = []
  for (let track = 0; track < model.trackIds.length; track += 1) {
    const from = model.languageOffsets[track] ?? 0
    const to = model.languageOffsets[track + 1] ?? 0
    if (model.trackLanguages.subarray(from, to).includes(language)) found.push(track)
  }
  const listeners = (track: number) => model.popularity[track] ?? 0
  return Int32Array.from(found.toSorted((a, b) => listeners(b) - listeners(a) || a - b))
}
