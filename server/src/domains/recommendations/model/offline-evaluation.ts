import type { ItemModelArrays } from './item-model.ts'

/** Scores every track for a listener from the tracks they played: the sum of their rows. */
export function scoreAll(
  model: Pick<ItemModelArrays, 'trackIds' | 'offsets' | 'targets' | 'weights'>,
  played: Iterable<number>,
): Float64Array {
  const scores = new Float64Array(model.trackIds.length)
  for (const source of played) {
    for (let at = model.offsets[source] ?? 0; at < (model.offsets[source + 1] ?? 0); at += 1) {
      const target = model.targets[at] ?? 0
      scores[target] = (scores[target] ?? 0) + (model.weights[at] ?? 0)
    }
  }
  return scores
}

/** The k tracks with the highest scores above 0, best first, without those to be left out. */
export function topScored(scores: Float64Array, k: number, without: ReadonlySet<number>): number[] {
  const top: number[] = []
  const scoreOf = (track: number | undefined) => (track === undefined ? 0 : (scores[track] ?? 0))
  for (const [track, score] of scores.entries()) {
    if (score <= scoreOf(top[k - 1]) || without.has(track)) continue
    let place = Math.min(top.length, k - 1)
    while (place > 0 && scoreOf(top[place - 1]) < score) place -= 1
    top.splice(place, 0, track)
    top.length = Math.min(top.length, k)
  }
  return top
}

export interface RankingQuality {
  /** Share of the relevant tracks that are in the list. */
  recall: number
  /** Binary gains; the ideal list is cut at min(k, relevant). */
  ndcg: number
}

/** Recall@k and NDCG@k of one ranked list. */
export function rankingQuality(
  ranked: readonly number[],
  relevant: ReadonlySet<number>,
  k: number,
): RankingQuality {
  let hits = 0
  let gain = 0
  for (const [rank, track] of ranked.slice(0, k).entries()) {
    if (!relevant.has(track)) continue
    hits += 1
    gain += 1 / Math.log2(rank + 2)
  }
  let ideal = 0
  for (let rank = 0; rank < Math.min(k, relevant.size); rank += 1) ideal += 1 / Math.log2(rank + 2)
  return { recall: hits / relevant.size, ndcg: gain / ideal }
}
