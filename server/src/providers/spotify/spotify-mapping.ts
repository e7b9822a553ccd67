import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { ProviderArtist, ProviderTrack } from '#domains/music'

/** A base62 id; its length (22) is not promised anywhere. */
const Id = Type.String({ pattern: '^[0-9A-Za-z]{1,64}$' })

const ArtistObject = Type.Object({
  id: Id,
  name: Type.String({ minLength: 1 }),
  // Deprecated: may be gone, and tells something only while it is there.
  genres: Type.Optional(Type.Unknown()),
})

const TrackObject = Type.Object({
  id: Id,
  name: Type.String({ minLength: 1 }),
  artists: Type.Array(Type.Unknown(), { minItems: 1 }),
  album: Type.Optional(Type.Unknown()),
  duration_ms: Type.Optional(Type.Unknown()),
  external_ids: Type.Optional(Type.Unknown()),
})

const AlbumObject = Type.Object({ name: Type.String({ minLength: 1 }) })
const Dated = Type.Object({ release_date: Type.String({ pattern: '^[1-9][0-9]{3}' }) })
const WithIsrc = Type.Object({ isrc: Type.String() })
const Milliseconds = Type.Integer({ minimum: 1 })

/** A part of an answer, or undefined when it is missing or not as documented. */
function part<Schema extends TSchema>(schema: Schema, value: unknown): Static<Schema> | undefined {
  return Value.Check(schema, value) ? value : undefined
}

/** Undefined for what is no artist; never throws. */
export function artistOf(value: unknown): ProviderArtist | undefined {
  const artist = part(ArtistObject, value)
  if (artist === undefined) return undefined
  const genres = Array.isArray(artist.genres) ? artist.genres : []
  return {
    providerId: artist.id,
    name: artist.name,
    genres: genres.filter((genre) => typeof genre === 'string'),
  }
}

/**
 * Undefined for what is no track of the catalogue (a local file, an episode, a removed track with
 * its id gone); a track that lacks optional members is one all the same. Never throws.
 */
export function trackOf(value: unknown): ProviderTrack | undefined {
  const track = part(TrackObject, value)
  if (track === undefined) return undefined
  const artists = track.artists.flatMap((artist) => artistOf(artist) ?? [])
  if (artists.length === 0) return undefined
  const released = part(Dated, track.album)?.release_date
  return {
    providerId: track.id,
    title: track.name,
    artists: artists.map(({ providerId, name }) => ({ providerId, name })),
    album: part(AlbumObject, track.album)?.name ?? null,
    releaseYear: released === undefined ? null : Number(released.slice(0, 4)),
    isrc: part(WithIsrc, track.external_ids)?.isrc ?? null,
    durationMs: part(Milliseconds, track.duration_ms) ?? null,
  }
}

/** The good items of a list: one bad item must not cost a user all the others. */
export function listOf<T>(items: readonly unknown[], map: (item: unknown) => T | undefined): T[] {
  return items.flatMap((item) => map(item) ?? [])
}
