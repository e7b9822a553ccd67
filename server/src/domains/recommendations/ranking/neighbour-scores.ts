import type { ModelIndex } from '../model/item-model.ts'

/** A track of the model to start from, on behalf of a seed. */
export interface Source {
  /** The track's number in the model. */
  track: number
  /** The seed that it stands for: itself, or a seed that the model does not know. */
  seedId: string
  weight: number
}

/** How near a track is to the seeds, and which seed brought it nearest. */
export interface NeighbourScore {
  score: number
  seedId: string
  strongest: number
}

/**
 * Adds up the model's weights from all sources, over those tracks that `admits` lets in.
 * @returns by track number
 */
export function neighbourScores(
  { model }: ModelIndex,
  sources: readonly Source[],
  admits: (track: number) => boolean,
): Map<number, NeighbourScore> {
  const scores = new Map<number, NeighbourScore>()
  for (const { track, seedId, weight } of sources) {
    const end = model.offsets[track + 1] ?? 0
    for (let at = model.offsets[track] ?? 0; at < end; at += 1) {
      const target = model.targets[at] ?? 0
      if (!admits(target)) continue
      add(scores, target, { seedId, gain: weight * (model.weights[at] ?? 0) })
    }
  }
  return scores
}

function add(
  scores: Map<number, NeighbourScore>,
  target: number,
  { seedId, gain }: { seedId: string; gain: number },
): void {
  const known = scores.get(target)
  if (known === undefined) {
    scores.set(target, { score: gain, seedId, strongest: gain })
    return
  }
  known.score += gain
  if (gain > known.strongest) {
    known.strongest = gain
    known.seedId = seedId
  }
}
