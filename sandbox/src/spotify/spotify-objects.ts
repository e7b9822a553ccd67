import type { Album, Artist, Catalogue, Track } from '../catalogue/catalogue.ts'
import { fractionOf } from '../random/random.ts'
import type { JsonObject } from './spotify-source.ts'

/** A part of the real list, enough to show the field's form. */
const MARKETS =
  'AR AT AU BE BG BR CA CH CL CO CR CY CZ DE DK EE EG ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KR LB LT LU LV MA MX MY NL NO NZ PE PH PL PT RO RS SA SE SG SK TH TR TW UA US UY VN ZA'.split(
    ' ',
  )
const COVER_SIZES = [640, 300, 64]
const PORTRAIT_SIZES = [640, 320, 160]

export const API_PATH = '/spotify/api/v1'

type Kind = 'track' | 'artist' | 'album' | 'user'

/** The four ways in which every Spotify object names itself. */
export function references(kind: Kind, id: string, origin: string) {
  return {
    external_urls: { spotify: `https://open.spotify.com/${kind}/${id}` },
    href: `${origin}${API_PATH}/${kind}s/${id}`,
    id,
    type: kind,
    uri: `spotify:${kind}:${id}`,
  }
}

/** Square pictures that the sandbox draws itself, the largest first. */
export function images(id: string, sizes: readonly number[], origin: string) {
  return sizes.map((size) => ({
    height: size,
    url: `${origin}/images/${id}/${size}.svg`,
    width: size,
  }))
}

function simplifiedArtist(id: string, name: string, origin: string): JsonObject {
  return { ...references('artist', id, origin), name }
}

/** A full artist with the deprecated fields that older apps still see. */
export function artistObject({ id, name, genres, popularity }: Artist, origin: string): JsonObject {
  return {
    ...references('artist', id, origin),
    followers: { href: null, total: Math.round(40 * 1.13 ** popularity * (1 + fractionOf(id))) },
    genres: genres.slice(0, 4),
    images: images(id, PORTRAIT_SIZES, origin),
    name,
    popularity,
  }
}

function releaseDate({ id, year }: Album) {
  const month = 1 + Math.floor(fractionOf(`month\0${id}`) * 12)
  const day = 1 + Math.floor(fractionOf(`day\0${id}`) * 28)
  // Older releases are often known by their year only.
  if (year < 1990 && fractionOf(`precision\0${id}`) < 0.4) {
    return { release_date: String(year), release_date_precision: 'year' }
  }
  const pad = (value: number) => String(value).padStart(2, '0')
  return { release_date: `${year}-${pad(month)}-${pad(day)}`, release_date_precision: 'day' }
}

/** Turns the catalogue into Web API objects. */
export function spotifyObjects(catalogue: Catalogue) {
  const artistName = (id: string) => catalogue.artistById.get(id)?.name ?? ''

  function album(track: Track, origin: string, playable: boolean): JsonObject {
    const found = catalogue.albumById.get(track.albumId)
    if (found === undefined) throw new RangeError(`album ${track.albumId} is unknown`)
    return {
      ...references('album', found.id, origin),
      album_type: found.totalTracks > 3 ? 'album' : 'single',
      artists: found.artistIds.map((id) => simplifiedArtist(id, artistName(id), origin)),
      available_markets: MARKETS,
      images: images(found.id, COVER_SIZES, origin),
      ...(playable ? { is_playable: true } : {}),
      name: found.title,
      ...releaseDate(found),
      total_tracks: found.totalTracks,
    }
  }

  return {
    /** @param playable whether the answer tells that the song can be played; the play history does not. */
    track(track: Track, origin: string, playable = true): JsonObject {
      return {
        ...references('track', track.id, origin),
        album: album(track, origin, playable),
        artists: track.artistIds.map((id) => simplifiedArtist(id, artistName(id), origin)),
        available_markets: MARKETS,
        disc_number: 1,
        duration_ms: track.durationMs,
        explicit: track.explicit,
        external_ids: { isrc: track.isrc },
        is_local: false,
        ...(playable ? { is_playable: true } : {}),
        name: track.title,
        popularity: track.popularity,
        preview_url: null,
        track_number: track.trackNumber,
      }
    },
    albumContext(track: Track, origin: string): JsonObject {
      const { external_urls, href, type, uri } = references('album', track.albumId, origin)
      return { type, external_urls, href, uri }
    },
  }
}
