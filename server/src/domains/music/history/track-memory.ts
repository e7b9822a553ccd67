import { type TrackEntry, trackNameKey } from '../catalogue/catalogue-entry.ts'
import { byPriority, keyText } from '../catalogue/external-key.ts'
import type { TrackCatalogue } from '../catalogue/track-catalogue.ts'

/** Bounds what an import of any length keeps in memory: some 20 MB. */
const MAX_KEYS = 100_000

/**
 * Resolves the tracks of one import, asking the catalogue once for each. A track whose every key
 * has been met is known; one with a new key goes to the catalogue, which learns the key from it.
 */
export function trackMemory(catalogue: TrackCatalogue, origin: string) {
  const known = new Map<string, string>()
  const keysOf = (entry: TrackEntry) =>
    (entry.ids.length > 0 ? entry.ids.toSorted(byPriority) : [trackNameKey(entry)]).map(keyText)

  function remember(keys: readonly string[], trackId: string): void {
    if (known.size >= MAX_KEYS) known.clear()
    for (const key of keys) if (!known.has(key)) known.set(key, trackId)
  }

  return {
    /** The ids of the tracks, in their order. */
    async trackIds(entries: readonly TrackEntry[]): Promise<string[]> {
      const keyed = entries.map((entry) => {
        const keys = keysOf(entry)
        const trackId = keys.every((key) => known.has(key)) ? known.get(keys[0] ?? '') : undefined
        return { entry, keys, trackId, name: keys.join(' ') }
      })
      const unknown = keyed.filter(({ trackId }) => trackId === undefined)
      const asked = [...new Map(unknown.map((one) => [one.name, one])).values()]
      const ids = await catalogue.recordEntries(
        asked.map(({ entry }) => entry),
        origin,
      )
      const answers = new Map(asked.map(({ name }, index) => [name, ids[index] ?? '']))
      for (const { keys, name } of asked) remember(keys, answers.get(name) ?? '')
      return keyed.map(({ trackId, name }) => trackId ?? answers.get(name) ?? '')
    },
  }
}
