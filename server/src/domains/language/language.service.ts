import type { TrackCatalogue, TrackFacts, TrackLanguage } from '#domains/music'
import type { Clock } from '#platform/clock'
import { type Pace, unhurried } from '#platform/jobs'
import type { Detector } from './detector/types.ts'
import { trackNotFound } from './language.errors.ts'
import type { TrackLanguageDetail } from './language.schemas.ts'
import type { Alongside, DetectedTrack, LanguageStore } from './language.store.ts'

export interface LanguageDependencies {
  store: LanguageStore
  tracks: Pick<TrackCatalogue, 'byIds' | 'after'>
  /** Loads on its first call, which takes half a second and 50 MB; called only to detect. */
  detector: () => Promise<Detector>
  clock: Clock
}

interface DetectOptions {
  signal: AbortSignal
  /** Told of after each batch. */
  onProgress?: (done: number, total: number) => void
  /** Joins the transaction in which the results are kept. */
  alongside?: Alongside
}

interface SweepProgress {
  /** Tracks looked at in this run. */
  seen: number
  /** Of these, the ones that lacked a result of the current version. */
  detected: number
}

export interface Language {
  /** Every id asked for is answered; `pending` for a track that nobody has looked at. */
  languagesOf(trackIds: readonly string[]): Promise<ReadonlyMap<string, TrackLanguage>>
  /** @throws AppError 404 for a track that the catalogue does not hold. */
  ofTrack(trackId: string): Promise<TrackLanguageDetail>
  /** Tracks mainly in a language (BCP 47), the surest first; confidence 0-1. */
  tracksIn(
    tag: string,
    minConfidence: number,
    limit: number,
  ): Promise<{ trackId: string; confidence: number }[]>
  /**
   * Detects those that lack a result of the current version, and keeps all results or none.
   * Returns how many. @throws the signal's reason, and what `alongside` throws
   */
  detectTracks(trackIds: readonly string[], options: DetectOptions): Promise<number>
  /** The same over the whole catalogue, from where the last unfinished sweep stopped. */
  sweep(
    signal: AbortSignal,
    onProgress: (progress: SweepProgress) => void,
    pace?: Pace,
  ): Promise<SweepProgress>
}

/** Few enough that an abort is heeded soon and the event loop is held for milliseconds. */
const BATCH_TRACKS = 100

const PENDING: TrackLanguage = { status: 'pending', tag: null, confidence: null, languages: [] }

type StoredLanguage = Awaited<ReturnType<LanguageStore['languagesOf']>>[number]

function languageOf({ status, tag, confidence, languages }: StoredLanguage): TrackLanguage {
  return { status, tag, confidence: tag === null ? null : confidence, languages }
}

function metadataOf({ title, artists, album, isrc, genres }: TrackFacts) {
  return { title, artists: artists.map(({ name }) => name), album, isrc, genres }
}

function batchesOf<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / BATCH_TRACKS)
  return Array.from({ length: count }, (_, at) =>
    items.slice(at * BATCH_TRACKS, (at + 1) * BATCH_TRACKS),
  )
}

export function languageService({
  store,
  tracks,
  detector,
  clock,
}: LanguageDependencies): Language {
  async function detectMissing(
    { version, detect }: Detector,
    facts: readonly TrackFacts[],
  ): Promise<DetectedTrack[]> {
    const done = await store.doneBy(
      version,
      facts.map(({ trackId }) => trackId),
    )
    const missing = facts.filter(({ trackId }) => !done.has(trackId))
    return missing.map((track) => ({
      trackId: track.trackId,
      detection: detect(metadataOf(track)),
    }))
  }

  return {
    async languagesOf(trackIds) {
      const rows = await store.languagesOf(trackIds)
      const found = new Map(rows.map((row) => [row.track_id, languageOf(row)]))
      return new Map(trackIds.map((trackId) => [trackId, found.get(trackId) ?? PENDING]))
    },

    async ofTrack(trackId) {
      const [[track], row] = await Promise.all([tracks.byIds([trackId]), store.detail(trackId)])
      if (track === undefined) throw trackNotFound()
      return {
        trackId,
        ...(row === undefined ? PENDING : languageOf(row)),
        evidence: row?.evidence ?? [],
        detectorVersion: row?.detector_version ?? null,
        detectedAt: row?.detected_at.toISOString() ?? null,
      }
    },

    async tracksIn(tag, minConfidence, limit) {
      const rows = await store.tracksIn(tag, minConfidence, limit)
      return rows.map(({ track_id, confidence }) => ({ trackId: track_id, confidence }))
    },

    async detectTracks(trackIds, { signal, onProgress, alongside }) {
      const loaded = await detector()
      const ids = [...new Set(trackIds)]
      const results: DetectedTrack[] = []
      let seen = 0
      for (const batch of batchesOf(ids)) {
        signal.throwIfAborted()
        results.push(...(await detectMissing(loaded, await tracks.byIds(batch))))
        seen += batch.length
        onProgress?.(seen, ids.length)
      }
      await store.save(results, { version: loaded.version, now: clock.now(), alongside })
      return results.length
    },

    async sweep(signal, onProgress, pace = unhurried) {
      const loaded = await detector()
      const { version } = loaded
      const progress = { seen: 0, detected: 0 }

      /** Looks at the tracks after one, and gives the last of them. */
      async function portion(after: string | null): Promise<string | null> {
        const batch = await tracks.after(after, BATCH_TRACKS)
        const last = batch.at(-1)?.trackId ?? null
        const results = await detectMissing(loaded, batch)
        await store.save(results, { version, now: clock.now() })
        // Only when the batch is stored: a sweep that stops here must not skip it next time.
        await store.moveSweep(version, last, clock.now())
        progress.seen += batch.length
        progress.detected += results.length
        return last
      }

      let after = await store.sweepPosition(version)
      for (;;) {
        signal.throwIfAborted()
        after = await pace(() => portion(after))
        if (after === null) return progress
        onProgress({ ...progress })
      }
    },
  }
}
