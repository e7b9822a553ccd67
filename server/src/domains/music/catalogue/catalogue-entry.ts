import type { ProviderArtist, ProviderTrack } from '../music.ports.ts'
import { storableText } from '../storable-text.ts'
import type { Namespace } from './catalogue.tables.ts'
import { type ExternalKey, isrcOf, nameKey } from './external-key.ts'

/** An artist as one origin describes it. */
export interface ArtistEntry {
  ids: readonly ExternalKey[]
  name: string
  /** Undefined when the origin says nothing of genres, which leaves what is known alone. */
  genres?: readonly string[]
}

/** A track as one origin describes it, with every id that the origin gives. */
export interface TrackEntry {
  ids: readonly ExternalKey[]
  title: string
  artists: readonly ArtistEntry[]
  album: string | null
  releaseYear: number | null
  durationMs: number | null
}

const MAX_ARTISTS = 100
const MAX_GENRE = 100
const MAX_GENRES = 50
/** A PostgreSQL integer's; no recording comes near it. */
const MAX_DURATION_MS = 2_147_483_647

const orNull = (text: string | null) => (text === null ? null : storableText(text) || null)

function within(value: number | null, least: number, most: number): number | null {
  return value !== null && Number.isInteger(value) && value >= least && value <= most ? value : null
}

/** An entry whose every field fits its column. */
export function storableEntry(entry: TrackEntry): TrackEntry {
  return {
    ids: entry.ids,
    title: storableText(entry.title) || 'Untitled',
    artists: entry.artists.slice(0, MAX_ARTISTS).map(storableArtist),
    album: orNull(entry.album),
    releaseYear: within(entry.releaseYear, 1000, 9999),
    durationMs: within(entry.durationMs, 1, MAX_DURATION_MS),
  }
}

export function storableArtist({ ids, name, genres }: ArtistEntry): ArtistEntry {
  const cleaned = genres
    ?.map((genre) => storableText(genre, MAX_GENRE))
    .filter((genre) => genre !== '')
  return {
    ids,
    name: storableText(name) || 'Unknown artist',
    ...(cleaned !== undefined && { genres: cleaned.slice(0, MAX_GENRES) }),
  }
}

export function entryOfArtist(
  {
    providerId,
    name,
    genres,
  }: Pick<ProviderArtist, 'providerId' | 'name'> & { genres?: readonly string[] },
  namespace: Namespace,
): ArtistEntry {
  const ids = [{ namespace, value: providerId }]
  return { ids, name, ...(genres !== undefined && { genres }) }
}

export function entryOfTrack(track: ProviderTrack, namespace: Namespace): TrackEntry {
  const isrc = isrcOf(track.isrc)
  const { title, album, releaseYear, durationMs } = track
  return {
    ids: [
      ...(isrc === null ? [] : [{ namespace: 'isrc' as const, value: isrc }]),
      { namespace, value: track.providerId },
    ],
    title,
    artists: track.artists.map((artist) => entryOfArtist(artist, namespace)),
    album,
    releaseYear,
    durationMs,
  }
}

export const trackNameKey = ({ title, artists }: TrackEntry) =>
  nameKey(artists[0]?.name ?? '', title)
