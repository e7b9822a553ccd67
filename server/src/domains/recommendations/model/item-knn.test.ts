import { describe, expect, it } from 'vitest'
import { collectInteractions, type Interaction } from './interactions.ts'
import { trainItemKnn } from './item-knn.ts'
import type { ItemModelArrays } from './item-model.ts'
import { DEFAULT_PARAMETERS, type ItemKnnParameters } from './model-manifest.ts'
import { languageColumns } from './track-languages.ts'

const RANDOM_WALK: ItemKnnParameters = {
  listenerExponent: 1,
  sourceExponent: 1,
  sourceSmoothing: 0,
  targetExponent: 0,
  weighting: 'binary',
  neighbours: 10,
  neighboursPerLanguage: 0,
}

/** u plays A and B, v plays A, B and C, w plays B and C, x plays C and D. */
const FOUR_BY_FOUR: readonly [listenerId: string, trackIds: string][] = [
  ['u', 'AB'],
  ['v', 'ABC'],
  ['w', 'BC'],
  ['x', 'CD'],
]

const played = (plays: (trackId: string) => number = () => 1): Interaction[] =>
  FOUR_BY_FOUR.flatMap(([listenerId, trackIds]) =>
    trackIds.split('').map((trackId) => ({ listenerId, trackId, plays: plays(trackId) })),
  )

async function train(
  rows: readonly Interaction[],
  changes: Partial<ItemKnnParameters> = {},
  languageOf: Record<string, string> = {},
) {
  const interactions = await collectInteractions(rows)
  const languages = languageColumns(interactions.trackIds, (id) => {
    const language = languageOf[id]
    return language === undefined ? [] : [language]
  })
  return trainItemKnn({ interactions, languages, parameters: { ...RANDOM_WALK, ...changes } })
}

/** A row in words: neighbour and weight, rounded to what single precision holds. */
function row(model: ItemModelArrays, trackId: string): [string, number][] {
  const source = model.trackIds.indexOf(trackId)
  const [from, to] = [model.offsets[source], model.offsets[source + 1]]
  const weights = model.weights.subarray(from, to)
  return Array.from(model.targets.subarray(from, to), (target, at) => [
    model.trackIds[target] ?? '',
    Number(weights[at]?.toFixed(6)),
  ])
}

const six = (value: number) => Number(value.toFixed(6))

describe('trainItemKnn', () => {
  it('gives the weights of the random walk, worked out by hand', async () => {
    const model = await train(played())

    expect(row(model, 'A')).toEqual([
      ['B', six((1 / 2 + 1 / 3) / 2)],
      ['C', six(1 / 3 / 2)],
    ])
    expect(row(model, 'B')).toEqual([
      ['A', six((1 / 2 + 1 / 3) / 3)],
      ['C', six((1 / 3 + 1 / 2) / 3)],
    ])
    expect(row(model, 'C')).toEqual([
      ['B', six((1 / 3 + 1 / 2) / 3)],
      ['D', six(1 / 2 / 3)],
      ['A', six(1 / 3 / 3)],
    ])
    expect(row(model, 'D')).toEqual([['C', six(1 / 2)]])
    expect([...model.popularity]).toEqual([2, 3, 3, 1])
  })

  it('is cosine without the listener factor and with both degrees at one half', async () => {
    const model = await train(played(), {
      listenerExponent: 0,
      sourceExponent: 0.5,
      targetExponent: 0.5,
    })

    expect(row(model, 'A')).toEqual([
      ['B', six(2 / Math.sqrt(2 * 3))],
      ['C', six(1 / Math.sqrt(2 * 3))],
    ])
  })

  it('lets a seed with few listeners say less when smoothed', async () => {
    const model = await train(played(), { sourceSmoothing: 8 })

    expect(row(model, 'D')).toEqual([['C', six(1 / 2 / (1 + 8))]])
  })

  it('counts many plays by their logarithm when asked to', async () => {
    const rows = played((trackId) => (trackId === 'D' ? 20 : 1))
    const model = await train(rows, { weighting: 'log' })

    expect(row(model, 'C').find(([trackId]) => trackId === 'D')).toEqual([
      'D',
      six((1 + Math.log(20)) / 2 / 3),
    ])
  })

  it('keeps neighbours of a small language that weight alone would cut', async () => {
    const rows = played()
    const languageOf = { A: 'en', B: 'en', C: 'en', D: 'is' }
    const byWeight = await train(rows, { neighbours: 1 }, languageOf)
    const stratified = await train(rows, { neighbours: 1, neighboursPerLanguage: 1 }, languageOf)

    expect(row(byWeight, 'C').map(([trackId]) => trackId)).toEqual(['B'])
    expect(row(stratified, 'C').map(([trackId]) => trackId)).toEqual(['B', 'D', 'A'])
  })

  it('gives the same arrays whatever order the interactions come in', async () => {
    const rows = played()

    expect(await train(rows.toReversed())).toEqual(await train(rows))
  })

  it('stops when it is aborted', async () => {
    const rows = Array.from({ length: 900 }, (_, n) => ({
      listenerId: String(n % 3),
      trackId: String(n),
      plays: 1,
    }))
    const interactions = await collectInteractions(rows)
    const languages = languageColumns(interactions.trackIds, () => [])
    const stopping = new AbortController()
    const training = trainItemKnn({
      interactions,
      languages,
      parameters: { ...DEFAULT_PARAMETERS },
      signal: stopping.signal,
    })
    stopping.abort(new Error('stopping'))

    await expect(training).rejects.toThrow('stopping')
  })
})
