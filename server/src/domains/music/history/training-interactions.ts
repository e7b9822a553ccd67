import type { HistoryStore, Interaction } from './history.store.ts'

/**
 * The origins whose plays models may be trained on, and what lets us: open data and our own demo.
 * What Spotify says must not train models (https://developer.spotify.com/terms, IV.2.a.ix), so it
 * is not here; nor is anything that somebody has not decided to add.
 */
export const TRAINING_ORIGINS: readonly { origin: string; licence: string }[] = [
  { origin: 'listenbrainz', licence: 'CC0-1.0' },
  { origin: 'demo', licence: 'Apache-2.0' },
]
const PERMITTED = TRAINING_ORIGINS.map(({ origin }) => origin)

const LISTENERS_AT_ONCE = 200

/**
 * The training set: every listener's plays by track. The only way from the history to a model.
 * Grouped by listener, in the order of ids; read in portions, so that its size does not matter.
 */
export async function* trainingInteractions(store: HistoryStore): AsyncGenerator<Interaction> {
  for (let last: string | null = null; ; ) {
    const listenerIds: string[] = await store.listenerIdsAfter(last, LISTENERS_AT_ONCE)
    last = listenerIds.at(-1) ?? null
    if (last === null) return
    yield* await store.interactions(listenerIds, PERMITTED)
  }
}
