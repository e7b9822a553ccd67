import type { Clock } from '#platform/clock'
import type { TrackCatalogue } from '../catalogue/track-catalogue.ts'
import type { HistoryStore, Interaction } from './history.store.ts'
import { type Play, playOf } from './listenbrainz-line.ts'
import { trackMemory } from './track-memory.ts'
import { trainingInteractions } from './training-interactions.ts'

interface ImportProgress {
  lines: number
  /** Plays that were not there before. */
  added: number
  /** Plays that were. */
  known: number
  /** Lines that are no listens. */
  bad: number
}

interface ImportReport extends ImportProgress {
  /** The first few bad lines, by line number from 1. */
  badLines: { line: number; problem: string }[]
}

interface ImportOptions {
  origin: 'demo' | 'listenbrainz'
  /** Told after each portion. */
  onProgress?: (progress: ImportProgress) => void
}

export interface ListeningHistory {
  /**
   * Takes in the lines of a ListenBrainz listens dump. A bad line is counted and passed over.
   * Repeating an import adds nothing; one that broke off is completed by running it again.
   */
  importListenBrainz(lines: AsyncIterable<string>, options: ImportOptions): Promise<ImportReport>
  /** The training set for models: plays by listener and track, from permitted origins only. */
  trainingInteractions(): AsyncIterable<Interaction>
}

export interface ListeningHistoryDependencies {
  store: HistoryStore
  catalogue: TrackCatalogue
  clock: Clock
}

const PORTION = 2_000
const REPORTED_BAD_LINES = 20

export function listeningHistory({
  store,
  catalogue,
  clock,
}: ListeningHistoryDependencies): ListeningHistory {
  function importer(origin: ImportOptions['origin']) {
    const tracks = trackMemory(catalogue, origin)
    return async (plays: readonly Play[]): Promise<number> => {
      const names = plays.map(({ listenerName }) => listenerName)
      const listenerIds = await store.listenerIds(origin, names, clock.now())
      const trackIds = await tracks.trackIds(plays.map(({ track }) => track))
      const listens = plays.map(({ listenerName, listenedAt }, index) => ({
        listenerId: listenerIds.get(listenerName) ?? '',
        listenedAt,
        trackId: trackIds[index] ?? '',
      }))
      return store.addListens(listens, origin)
    }
  }

  return {
    async importListenBrainz(lines, { origin, onProgress }) {
      const save = importer(origin)
      const report: ImportReport = { lines: 0, added: 0, known: 0, bad: 0, badLines: [] }
      let portion: Play[] = []

      async function flush(): Promise<void> {
        if (portion.length === 0) return
        const added = await save(portion)
        report.added += added
        report.known += portion.length - added
        portion = []
        const { badLines: _, ...progress } = report
        onProgress?.(progress)
      }

      for await (const line of lines) {
        report.lines += 1
        if (line.trim() === '') continue
        const play = playOf(line)
        if (typeof play !== 'string') portion.push(play)
        else {
          report.bad += 1
          const known = report.badLines.length < REPORTED_BAD_LINES
          if (known) report.badLines.push({ line: report.lines, problem: play })
        }
        if (portion.length >= PORTION) await flush()
      }
      await flush()
      return report
    },

    trainingInteractions: () => trainingInteractions(store),
  }
}
