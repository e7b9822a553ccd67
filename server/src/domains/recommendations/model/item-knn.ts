import { type InteractionMatrix, rowLength, type SparseRows, transpose } from './interactions.ts'
import type { ItemModelArrays } from './item-model.ts'
import type { ItemKnnParameters } from './model-manifest.ts'
import { createPacer, type Pacer } from './pacer.ts'
import { type Strata, stratifiedTop } from './stratified-top.ts'
import type { LanguageColumns } from './track-languages.ts'

export interface TrainingInput {
  interactions: InteractionMatrix
  languages: LanguageColumns
  parameters: ItemKnnParameters
  signal?: AbortSignal
}

/** What the inner loop reads: the matrix both ways and the factors, computed once. */
interface Counting {
  byListener: SparseRows
  byTrack: SparseRows
  listenerFactor: Float64Array
  sourceFactor: Float64Array
  targetFactor: Float64Array
}

const power = (degrees: readonly number[], exponent: number) =>
  Float64Array.from(degrees, (degree) => degree ** -exponent)

function prepare({ interactions, parameters }: TrainingInput): Counting {
  const { byListener, trackIds, listenerCount } = interactions
  const weighted: SparseRows = {
    ...byListener,
    values: byListener.values.map((plays) =>
      parameters.weighting === 'log' ? 1 + Math.log(plays) : 1,
    ),
  }
  const byTrack = transpose(weighted, trackIds.length)
  const listenerDegrees = Array.from({ length: listenerCount }, (_, u) => rowLength(weighted, u))
  const trackDegrees = trackIds.map((_, track) => rowLength(byTrack, track))
  return {
    byListener: weighted,
    byTrack,
    listenerFactor: power(listenerDegrees, parameters.listenerExponent),
    sourceFactor: power(
      trackDegrees.map((degree) => degree + parameters.sourceSmoothing),
      parameters.sourceExponent,
    ),
    targetFactor: power(trackDegrees, parameters.targetExponent),
  }
}

/** A row being added up: `weights` is indexed by track, `touched` lists those above zero. */
interface GrowingRow {
  weights: Float64Array
  touched: number[]
}

/** Adds what one listener says about the tracks they played besides the source. */
function addListener(row: GrowingRow, played: SparseRows, listener: number, share: number): void {
  const { weights, touched } = row
  const end = played.offsets[listener + 1] ?? 0
  for (let at = played.offsets[listener] ?? 0; at < end; at += 1) {
    const target = played.columns[at] ?? 0
    const before = weights[target] ?? 0
    if (before === 0) touched.push(target)
    weights[target] = before + share * (played.values[at] ?? 0)
  }
}

/** Adds up one source track's weights into `weights`; returns the tracks touched. */
function fillRow(counting: Counting, source: number, weights: Float64Array): number[] {
  const { byListener, byTrack, listenerFactor, sourceFactor, targetFactor } = counting
  const row: GrowingRow = { weights, touched: [] }
  const end = byTrack.offsets[source + 1] ?? 0
  for (let at = byTrack.offsets[source] ?? 0; at < end; at += 1) {
    const listener = byTrack.columns[at] ?? 0
    const share = (byTrack.values[at] ?? 0) * (listenerFactor[listener] ?? 0)
    addListener(row, byListener, listener, share)
  }
  weights[source] = 0
  const touched = row.touched.filter((target) => target !== source)
  for (const target of touched) {
    weights[target] =
      (weights[target] ?? 0) * (sourceFactor[source] ?? 0) * (targetFactor[target] ?? 0)
  }
  return touched
}

async function countNeighbours(counting: Counting, strata: Strata, pace: Pacer) {
  const trackCount = counting.byTrack.offsets.length - 1
  const offsets = new Int32Array(trackCount + 1)
  const targets: number[] = []
  const kept: number[] = []
  const weights = new Float64Array(trackCount)
  for (let source = 0; source < trackCount; source += 1) {
    const touched = fillRow(counting, source, weights)
    for (const target of stratifiedTop({ tracks: touched, weights }, strata)) {
      targets.push(target)
      kept.push(weights[target] ?? 0)
    }
    for (const target of touched) weights[target] = 0
    offsets[source + 1] = targets.length
    await pace(rowLength(counting.byTrack, source) * 50 + touched.length * 10)
  }
  return { offsets, targets: Int32Array.from(targets), weights: Float32Array.from(kept) }
}

/**
 * Trains the item-item neighbourhood model of the RP3 family:
 *
 *   W_ij = (d_i + s)^-p · d_j^-q · Σ_u d_u^-a · r_ui · r_uj
 *
 * over the listeners u of both tracks, d being degrees and r 1 or 1 + ln(plays). With
 * a = p = 1 and s = 0 it is a three-step random walk with popularity discounted by q (Paudel et al.,
 * "Updatable, Accurate, Diverse, and Scalable Recommendations for Interactive Applications",
 * ACM TiiS 7(1), 2016: RP3-beta); with a = s = 0, p = q = ½ it is cosine. Rows are cut by language
 * (see `stratifiedTop`). Deterministic; gives the event loop a turn about every 10 ms.
 * @throws the signal's reason when aborted.
 */
export async function trainItemKnn(input: TrainingInput): Promise<ItemModelArrays> {
  const { interactions, languages, parameters, signal } = input
  const counting = prepare(input)
  const strata: Strata = {
    overall: parameters.neighbours,
    perLanguage: parameters.neighboursPerLanguage,
    languagesOf: (track) =>
      languages.trackLanguages.subarray(
        languages.languageOffsets[track] ?? 0,
        languages.languageOffsets[track + 1] ?? 0,
      ),
  }
  const neighbours = await countNeighbours(counting, strata, createPacer(signal))
  return {
    trackIds: interactions.trackIds,
    languages: languages.languages,
    languageOffsets: languages.languageOffsets,
    trackLanguages: languages.trackLanguages,
    popularity: Int32Array.from(interactions.trackIds, (_, t) => rowLength(counting.byTrack, t)),
    ...neighbours,
  }
}
