import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedData } from '#test'
import { collectInteractions } from './interactions.ts'
import { trainItemKnn } from './item-knn.ts'
import { DEFAULT_PARAMETERS } from './model-manifest.ts'
import { type RankingQuality, rankingQuality, scoreAll, topScored } from './offline-evaluation.ts'
import { languageColumns } from './track-languages.ts'

const split = sharedData('recsys/lastfm-lightgcnpp')
const K = 20

/** A split in the LightGCN format: a line is a listener and then the tracks they played. */
type Split = Map<string, string[]>

async function readSplit(name: string): Promise<Split> {
  const lines = (await readFile(resolve(split.path, `${name}.txt`), 'utf8')).split('\n')
  return new Map(
    lines.flatMap((line) => {
      const [listenerId, ...trackIds] = line.trim().split(/\s+/)
      return listenerId === undefined || trackIds.length === 0 ? [] : [[listenerId, trackIds]]
    }),
  )
}

/** Mean quality over the listeners of `test`; what was trained on is never recommended. */
async function measure(trained: readonly Split[], test: Split): Promise<RankingQuality> {
  const playedBy = (listenerId: string) => trained.flatMap((split) => split.get(listenerId) ?? [])
  const rows = trained.flatMap((split) =>
    [...split].flatMap(([listenerId, trackIds]) =>
      trackIds.map((trackId) => ({ listenerId, trackId, plays: 1 })),
    ),
  )
  const interactions = await collectInteractions(rows)
  const languages = languageColumns(interactions.trackIds, () => [])
  const parameters = { ...DEFAULT_PARAMETERS, neighbours: 200 }
  const model = await trainItemKnn({ interactions, languages, parameters })
  const numbers = new Map(model.trackIds.map((trackId, number) => [trackId, number]))
  const sum: RankingQuality = { recall: 0, ndcg: 0 }
  for (const [listenerId, trackIds] of test) {
    const played = new Set(playedBy(listenerId).flatMap((id) => numbers.get(id) ?? []))
    // A track that nobody played while training cannot be found, and counts as missed.
    const relevant = new Set(trackIds.map((id, at) => numbers.get(id) ?? -1 - at))
    const ranked = topScored(scoreAll(model, played), K, played)
    const { recall, ndcg } = rankingQuality(ranked, relevant, K)
    sum.recall += recall
    sum.ndcg += ndcg
  }
  return { recall: sum.recall / test.size, ndcg: sum.ndcg / test.size }
}

describe('the neighbourhood model on Last.fm-2k (LightGCN++ split)', () => {
  it('reaches its figures', async ({ skip, annotate }) => {
    skip(split.missing !== undefined, split.missing)
    const [train, valid, test] = await Promise.all([
      readSplit('train'),
      readSplit('valid'),
      readSplit('test'),
    ])
    const tuning = await measure([train], valid)
    const final = await measure([train, valid], test)
    await annotate(`valid R@20 ${tuning.recall.toFixed(4)} N@20 ${tuning.ndcg.toFixed(4)}`)
    await annotate(`test R@20 ${final.recall.toFixed(4)} N@20 ${final.ndcg.toFixed(4)}`)

    expect(tuning.recall).toBeGreaterThan(0.25)
    expect(tuning.ndcg).toBeGreaterThan(0.186)
    expect(final.recall).toBeGreaterThan(0.263)
    expect(final.ndcg).toBeGreaterThan(0.265)
  }, 60_000)
})
