import { fractionOf, mulberry32, seedOf } from '../random/random.ts'
import type { Album, Artist, Catalogue, CatalogueRow, Track } from './catalogue.ts'
import { isrcIssuer, spotifyId } from './identifiers.ts'

/** Shape of the popularity curve: few songs near 100, a long tail near 20. */
const POPULARITY_SKEW = 2.2
const SHORTEST_SONG_MS = 145_000
const LONGEST_SONG_MS = 330_000
const EXPLICIT_GENRES = /hip hop|rap|trap|drill|reggaeton|punk|metal/

function artistPopularity(name: string): number {
  return Math.round(22 + 74 * fractionOf(`artist popularity\0${name}`) ** POPULARITY_SKEW)
}

function trackPopularity(row: CatalogueRow, mainArtist: string): number {
  const own = 15 + 80 * fractionOf(`popularity\0${mainArtist}\0${row.title}`) ** POPULARITY_SKEW
  return Math.round(0.6 * own + 0.4 * artistPopularity(mainArtist))
}

function toTrack(row: CatalogueRow, index: number, isrc: string, trackNumber: number): Track {
  const mainArtist = row.artists[0] ?? ''
  const random = mulberry32(seedOf(`song\0${mainArtist}\0${row.title}`))
  return {
    index,
    id: spotifyId('track', mainArtist, row.title),
    isrc,
    title: row.title,
    artistIds: row.artists.map((name) => spotifyId('artist', name)),
    artistNames: row.artists,
    albumId: spotifyId('album', mainArtist, row.album),
    year: row.year,
    country: row.country,
    genres: row.genres,
    languages: row.languages,
    trackNumber,
    durationMs: Math.round(SHORTEST_SONG_MS + random() * (LONGEST_SONG_MS - SHORTEST_SONG_MS)),
    explicit: row.genres.some((genre) => EXPLICIT_GENRES.test(genre)) && random() < 0.4,
    popularity: trackPopularity(row, mainArtist),
  }
}

function buildAlbums(rows: readonly CatalogueRow[]): Map<string, Album> {
  const albums = new Map<string, Album>()
  for (const row of rows) {
    const mainArtist = row.artists[0] ?? ''
    const id = spotifyId('album', mainArtist, row.album)
    const seen = albums.get(id)
    const known = (seen?.totalTracks ?? 0) + 1
    albums.set(id, {
      id,
      title: row.album,
      artistIds: [spotifyId('artist', mainArtist)],
      year: Math.min(row.year, seen?.year ?? row.year),
      totalTracks: row.album === row.title ? known : Math.max(known, albumLength(id)),
    })
  }
  return albums
}

function albumLength(albumId: string): number {
  return 8 + Math.floor(fractionOf(`album length\0${albumId}`) * 8)
}

function buildArtists(tracks: readonly Track[]): Artist[] {
  const gathered = new Map<string, { name: string; genres: string[]; trackIndexes: number[] }>()
  for (const track of tracks) {
    track.artistIds.forEach((id, position) => {
      const artist = gathered.get(id) ?? {
        name: track.artistNames[position] ?? '',
        genres: [],
        trackIndexes: [],
      }
      artist.genres.push(...track.genres)
      artist.trackIndexes.push(track.index)
      gathered.set(id, artist)
    })
  }
  return [...gathered].map(([id, { name, genres, trackIndexes }]) => ({
    id,
    name,
    genres: byFrequency(genres),
    popularity: artistPopularity(name),
    trackIndexes,
  }))
}

function byFrequency(values: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).map(([value]) => value)
}

/** Turns rows into tracks, artists and albums whose ids and codes are the same on every start. */
export function buildCatalogue(rows: readonly CatalogueRow[]): Catalogue {
  const issueIsrc = isrcIssuer()
  const numbers = new Map<string, number>()
  const tracks = rows.map((row, index) => {
    const registrant = row.artists[0] ?? ''
    const albumKey = `${registrant}\0${row.album}`
    const trackNumber = (numbers.get(albumKey) ?? 0) + 1
    numbers.set(albumKey, trackNumber)
    const isrc = issueIsrc({ country: row.country, registrant, year: row.year, title: row.title })
    return toTrack(row, index, isrc, trackNumber)
  })
  const artists = buildArtists(tracks)
  return {
    tracks,
    trackById: new Map(tracks.map((track) => [track.id, track])),
    trackByIsrc: new Map(tracks.map((track) => [track.isrc, track])),
    artists,
    artistById: new Map(artists.map((artist) => [artist.id, artist])),
    albumById: buildAlbums(rows),
  }
}
