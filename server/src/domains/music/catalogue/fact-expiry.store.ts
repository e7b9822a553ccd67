import { type Kysely, sql } from 'kysely'
import type { HistoryTables } from '../history/history.tables.ts'
import type { SnapshotTables } from '../library/snapshot.tables.ts'
import type { CatalogueTables } from './catalogue.tables.ts'

type Tables = CatalogueTables & SnapshotTables & HistoryTables

/** An expired fact that was looked at. */
export interface ExpiredFact {
  id: string
  origin: string
  /** False: somebody still needs it, and nobody else describes the thing. */
  dropped: boolean
}

interface Portion {
  now: Date
  /** Where the portion before ended; null for the first one. */
  after: Pick<ExpiredFact, 'id' | 'origin'> | null
  limit: number
}

const NIL = '00000000-0000-0000-0000-000000000000'
const cursor = ({ after }: Portion) => sql`(${after?.id ?? NIL}::uuid, ${after?.origin ?? ''})`

/**
 * SQL that deletes facts whose time is over, a portion at a time in the order of ids. An expired
 * fact goes when another origin describes the same thing, or when nothing of ours shows it: no play
 * and no top list, and for an artist no credit. The ids stay: under them a track that is met again
 * is the same one. Rows that are being renewed meanwhile are passed over.
 */
export function factExpiryStore(db: Kysely<Tables>) {
  return {
    /** With the credits that the same origin gave. */
    async dropTrackFacts(portion: Portion): Promise<ExpiredFact[]> {
      const { now, limit } = portion
      const { rows } = await sql<ExpiredFact>`
        with expired as materialized (
          select track_id, origin from track_fact
          where expires_at <= ${now} and (track_id, origin) > ${cursor(portion)}
          order by track_id, origin limit ${limit} for update skip locked
        ), gone as (
          delete from track_fact using expired
          where track_fact.track_id = expired.track_id and track_fact.origin = expired.origin
            and (
              exists (
                select from track_fact as other where other.track_id = expired.track_id
                  and (other.expires_at is null or other.expires_at > ${now})
              ) or not (
                exists (select from listen where listen.track_id = expired.track_id)
                or exists (select from top_snapshot where item_ids @> array[expired.track_id])
              )
            )
          returning track_fact.track_id, track_fact.origin
        ), uncredited as (
          delete from track_artist using gone
          where track_artist.track_id = gone.track_id and track_artist.origin = gone.origin
        )
        select track_id as id, origin, gone.track_id is not null as dropped
        from expired left join gone using (track_id, origin)
        order by track_id, origin`.execute(db)
      return rows
    },

    /** After those of tracks, whose credits keep artists. */
    async dropArtistFacts(portion: Portion): Promise<ExpiredFact[]> {
      const { now, limit } = portion
      const { rows } = await sql<ExpiredFact>`
        with expired as materialized (
          select artist_id, origin from artist_fact
          where expires_at <= ${now} and (artist_id, origin) > ${cursor(portion)}
          order by artist_id, origin limit ${limit} for update skip locked
        ), gone as (
          delete from artist_fact using expired
          where artist_fact.artist_id = expired.artist_id and artist_fact.origin = expired.origin
            and (
              exists (
                select from artist_fact as other where other.artist_id = expired.artist_id
                  and (other.expires_at is null or other.expires_at > ${now})
              ) or not (
                exists (select from track_artist where track_artist.artist_id = expired.artist_id)
                or exists (select from top_snapshot where item_ids @> array[expired.artist_id])
              )
            )
          returning artist_fact.artist_id, artist_fact.origin
        )
        select artist_id as id, origin, gone.artist_id is not null as dropped
        from expired left join gone using (artist_id, origin)
        order by artist_id, origin`.execute(db)
      return rows
    },
  }
}

export type FactExpiryStore = ReturnType<typeof factExpiryStore>
