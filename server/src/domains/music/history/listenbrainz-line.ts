import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { TrackEntry } from '../catalogue/catalogue-entry.ts'
import { type ExternalKey, isrcOf } from '../catalogue/external-key.ts'
import { storableText } from '../storable-text.ts'

export interface Play {
  listenerName: string
  listenedAt: Date
  track: TrackEntry
}

const MAX_LINE_LENGTH = 100_000
const MAX_LISTENER_NAME = 200
/** The first LastFM scrobbles; ListenBrainz itself refuses anything older (its LISTEN_MINIMUM_TS). */
const EARLIEST_SECONDS = 1_033_430_400
const LATEST_SECONDS = 4_102_444_800

const Line = Type.Object({
  user_name: Type.String({ minLength: 1 }),
  listened_at: Type.Integer({ minimum: EARLIEST_SECONDS, maximum: LATEST_SECONDS }),
  track_metadata: Type.Object({
    artist_name: Type.String({ minLength: 1 }),
    track_name: Type.String({ minLength: 1 }),
    release_name: Type.Optional(Type.Unknown()),
    additional_info: Type.Optional(Type.Unknown()),
  }),
})

const SPOTIFY_TRACK =
  /^(?:https?:\/\/open\.spotify\.com\/track\/|spotify:track:)?([0-9A-Za-z]{22})$/
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

function idsOf(info: Readonly<Record<string, unknown>>): ExternalKey[] {
  const isrc = isrcOf(textOf(info['isrc']))
  const spotify = SPOTIFY_TRACK.exec(textOf(info['spotify_id']) ?? '')?.[1]
  const mbid = textOf(info['recording_mbid'])?.toLowerCase()
  return [
    ...(isrc === null ? [] : [{ namespace: 'isrc' as const, value: isrc }]),
    ...(spotify === undefined ? [] : [{ namespace: 'spotify' as const, value: spotify }]),
    ...(mbid !== undefined && UUID.test(mbid) ? [{ namespace: 'mbid' as const, value: mbid }] : []),
  ]
}

/** The single names where the listen gives them, else the credit as one name. */
function artistNames(info: Readonly<Record<string, unknown>>, credit: string): string[] {
  const given = info['artist_names']
  const names = Array.isArray(given) ? given.filter((name) => typeof name === 'string') : []
  const named = names.map((name) => storableText(name)).filter((name) => name !== '')
  return named.length > 0 ? named : [storableText(credit)]
}

const infoOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** `duration` (seconds) is what older submissions carry. */
function durationMs(info: Readonly<Record<string, unknown>>): number | null {
  const [ms, seconds] = [info['duration_ms'], info['duration']]
  if (typeof ms === 'number') return Math.round(ms)
  return typeof seconds === 'number' ? Math.round(seconds * 1000) : null
}

function parsed(line: string): unknown {
  if (line.length > MAX_LINE_LENGTH) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/**
 * One line of a ListenBrainz listens dump
 * (https://listenbrainz.readthedocs.io/en/latest/users/listenbrainz-dumps.html).
 * @returns the play, or the reason why the line is none.
 */
export function playOf(line: string): Play | string {
  const value = parsed(line)
  if (value === undefined) return 'is not JSON, or too long'
  if (!Value.Check(Line, value)) {
    const [fault] = Value.Errors(Line, value)
    return fault === undefined ? 'is not a listen' : `${fault.instancePath || '/'} ${fault.message}`
  }
  const { artist_name, track_name, release_name, additional_info } = value.track_metadata
  const info = infoOf(additional_info)
  const listenerName = storableText(value.user_name, MAX_LISTENER_NAME)
  const title = storableText(track_name)
  const artists = artistNames(info, artist_name)
  if (listenerName === '' || title === '' || artists[0] === '') return 'has an empty name'
  return {
    listenerName,
    listenedAt: new Date(value.listened_at * 1000),
    track: {
      ids: idsOf(info),
      title,
      artists: artists.map((name) => ({ ids: [], name })),
      album: textOf(release_name) ?? null,
      releaseYear: null,
      durationMs: durationMs(info),
    },
  }
}
