import type { TrackCatalogue, TrackFacts, TrackLanguage } from '#domains/music'
import type { Clock } from '#platform/clock'
import type { Detector } from './detector/types.ts'
import { trackNotFound } from './language.errors.ts'
import type { TrackLanguageDetail } from './language.schemas.ts'
import type { LanguageStore } from './language.store.ts'

export interface LanguageDependencies {
  store: LanguageStore
  tracks: Pick<TrackCatalogue, 'byIds' | 'after'>
  /** Loads on its first call, which takes half a second and 50 MB; called only to detect. */
  detector: () => Promise<Detector>
  clock: Clock
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
  /** Detects those that lack a result of the current version. Returns how many. */
  detectTracks(trackIds: readonly string[], signal: AbortSignal): Promise<number>
  /** The same over the whole catalogue, from where the last unfinished sweep stopped. */
  sweep(signal: AbortSignal, onProgress: (progress: SweepProgress) => void): Promise<SweepProgress>
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
  ): Promise<number> {
    const done = await store.doneBy(
      version,
      facts.map(({ trackId }) => trackId),
    )
    const missing = facts.filter(({ trackId }) => !done.has(trackId))
    const results = missing.map((track) => ({
      trackId: track.trackId,
      detection: detect(metadataOf(track)),
    }))
    await store.save(results, version, clock.now())
    return results.length
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

    async detectTracks(trackIds, signal) {
      const loaded = await detector()
      let detected = 0
      for (const batch of batchesOf([...new Set(trackIds)])) {
        signal.throwIfAborted()
        detected += await detectMissing(loaded, await tracks.byIds(batch))
      }
      return detected
    },

    async sweep(signal, onProgress) {
      const loaded = await detector()
      const { version } = loaded
      const progress = { seen: 0, detected: 0 }
      let after = await store.sweepPosition(version)
      for (;;) {
        signal.throwIfAborted()
        const batch = await tracks.after(after, BATCH_TRACKS)
        after = batch.at(-1)?.trackId ?? null
        progress.seen += batch.length
        progress.detected += await detectMissing(loaded, batch)
        // Only when the batch is stored: a sweep that stops here must not skip it next time.
        await store.moveSweep(version, after, clock.now())
        if (after === null) return progress
        onProgress({ ...progress })
      }
    },
  }
}
