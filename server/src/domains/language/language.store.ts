import { type Kysely, sql } from 'kysely'
import type { AnyTransaction } from '#platform/events'
import type { Detection } from './detector/types.ts'
import type { LanguageTables } from './language.tables.ts'

export interface DetectedTrack {
  trackId: string
  detection: Detection
}

/** Work in the transaction of another, which it fails by throwing. */
export type Alongside = (transaction: AnyTransaction) => Promise<void>

interface SaveOptions {
  version: string
  now: Date
  alongside?: Alongside | undefined
}

export type LanguageStore = ReturnType<typeof languageStore>

function rowOf({ trackId, detection }: DetectedTrack, version: string, now: Date) {
  const { ranked, unknown, languages, evidence } = detection
  const best = ranked[0]
  return {
    track_id: trackId,
    status: unknown ? ('unknown' as const) : ('detected' as const),
    tag: unknown ? null : (best?.tag ?? null),
    confidence: best?.confidence ?? 0,
    languages: JSON.stringify(languages),
    ranked: JSON.stringify(ranked),
    evidence: JSON.stringify(evidence),
    detector_version: version,
    detected_at: now,
  }
}

async function insertResults(
  db: Kysely<LanguageTables>,
  results: readonly DetectedTrack[],
  { version, now }: SaveOptions,
): Promise<void> {
  const rows = results
    .map((result) => rowOf(result, version, now))
    .toSorted((a, b) => (a.track_id < b.track_id ? -1 : 1))
  await db
    .insertInto('track_language')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('track_id').doUpdateSet((excluded) => ({
        status: excluded.ref('excluded.status'),
        tag: excluded.ref('excluded.tag'),
        confidence: excluded.ref('excluded.confidence'),
        languages: excluded.ref('excluded.languages'),
        ranked: excluded.ref('excluded.ranked'),
        evidence: excluded.ref('excluded.evidence'),
        detector_version: excluded.ref('excluded.detector_version'),
        detected_at: excluded.ref('excluded.detected_at'),
      })),
    )
    .execute()
}

/**
 * SQL over the language domain's own tables. `reads` may be a little behind: what is shown to people,
 * and what is ranked for them, may; what decides whether a track is still to be looked at may not.
 */
export function languageStore(db: Kysely<LanguageTables>, reads = db) {
  return {
    /** Status and languages of those tracks that have been looked at. */
    languagesOf(trackIds: readonly string[]) {
      return reads
        .selectFrom('track_language')
        .select(['track_id', 'status', 'tag', 'confidence', 'languages'])
        .where('track_id', '=', sql<string>`any(${trackIds}::uuid[])`)
        .execute()
    },

    detail(trackId: string) {
      return reads
        .selectFrom('track_language')
        .selectAll()
        .where('track_id', '=', trackId)
        .executeTakeFirst()
    },

    /** Which of the tracks have a result of this detector version. */
    async doneBy(version: string, trackIds: readonly string[]): Promise<Set<string>> {
      const rows = await db
        .selectFrom('track_language')
        .select('track_id')
        .where('track_id', '=', sql<string>`any(${trackIds}::uuid[])`)
        .where('detector_version', '=', version)
        .execute()
      return new Set(rows.map(({ track_id }) => track_id))
    },

    /**
     * Adds or replaces results, all or none. The order of ids keeps two writers from waiting for
     * each other.
     */
    async save(results: readonly DetectedTrack[], options: SaveOptions): Promise<void> {
      await db.transaction().execute(async (trx) => {
        if (results.length > 0) await insertResults(trx, results, options)
        await options.alongside?.(trx)
      })
    },

    /** Tracks mainly in a language, the surest first. */
    tracksIn(tag: string, minConfidence: number, limit: number) {
      return reads
        .selectFrom('track_language')
        .select(['track_id', 'confidence'])
        .where('tag', '=', tag)
        .where('confidence', '>=', minConfidence)
        .orderBy('confidence', 'desc')
        .orderBy('track_id')
        .limit(limit)
        .execute()
    },

    /** The last track that this version's sweep has looked at; null before the first. */
    async sweepPosition(version: string): Promise<string | null> {
      const row = await db
        .selectFrom('language_sweep')
        .select('after_track_id')
        .where('detector_version', '=', version)
        .executeTakeFirst()
      return row?.after_track_id ?? null
    },

    async moveSweep(version: string, afterTrackId: string | null, now: Date): Promise<void> {
      const position = { after_track_id: afterTrackId, updated_at: now }
      await db
        .insertInto('language_sweep')
        .values({ detector_version: version, ...position })
        .onConflict((conflict) => conflict.column('detector_version').doUpdateSet(position))
        .execute()
    },
  }
}
