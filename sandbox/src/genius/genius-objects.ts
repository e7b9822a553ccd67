import { fractionOf } from '../random/random.ts'
import { fold } from '../text/tokens.ts'
import type { GeniusArtist, GeniusSong } from './genius-song.ts'
import type { JsonObject, TextFormat } from './genius-source.ts'

/** Genius shows counts from here on. */
const MUCH_READ = 5_000
const MONTHS =
  'January February March April May June July August September October November December'.split(' ')

function slug(...parts: string[]): string {
  const text = parts
    .map((part) =>
      fold(part)
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, ''),
    )
    .filter((part) => part !== '')
    .join('-')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function artistObject({ id, name }: GeniusArtist, origin: string): JsonObject {
  const picture = `${origin}/images/genius${id}/1000.svg`
  return {
    api_path: `/artists/${id}`,
    header_image_url: picture,
    id,
    image_url: picture,
    is_meme_verified: false,
    is_verified: fractionOf(`verified\0${name}`) < 0.5,
    name,
    url: `https://genius.com/artists/${slug(name) || id}`,
    iq: Math.round(fractionOf(`iq\0${name}`) * 5_000),
  }
}

function dates({ year, month, day }: GeniusSong['released']) {
  const name = MONTHS[month - 1] ?? ''
  const short = name.length > 4 ? `${name.slice(0, 3)}.` : name
  return {
    release_date_components: { year, month, day },
    release_date_for_display: `${name} ${day}, ${year}`,
    release_date_with_abbreviated_month_for_display: `${short} ${day}, ${year}`,
  }
}

function pathOf({ artist, title, id }: GeniusSong): string {
  // Letters outside ASCII fall out of the address; the number then tells two songs apart.
  const lossy = /[^\p{ASCII}\p{P}]/u.test(fold(`${artist.name}${title}`))
  return `/${slug(artist.name, title, lossy ? String(id) : '') || id}-lyrics`
}

function statsOf({ id, pageviews }: GeniusSong): JsonObject {
  return {
    unreviewed_annotations: Math.floor(fractionOf(`unreviewed\0${id}`) * 9),
    hot: false,
    // Genius leaves small counts out.
    ...(pageviews >= MUCH_READ ? { pageviews } : {}),
  }
}

/** The song as it stands in search results. */
export function resultObject(song: GeniusSong, origin: string): JsonObject {
  const { id, title, artist, featured, pageviews } = song
  const path = pathOf(song)
  const image = (sizePx: number) => `${origin}/images/genius${id}/${sizePx}.svg`
  const withFeatured =
    featured.length === 0 ? title : `${title} (Ft. ${featured.map(({ name }) => name).join(' & ')})`
  const artistObjectOf = artistObject(artist, origin)
  return {
    annotation_count: Math.floor(fractionOf(`annotations\0${id}`) * 30),
    api_path: `/songs/${id}`,
    artist_names:
      featured.length === 0
        ? artist.name
        : `${artist.name} (Ft. ${featured.map(({ name }) => name).join(' & ')})`,
    full_title: `${withFeatured} by ${artist.name}`,
    header_image_thumbnail_url: image(300),
    header_image_url: image(1000),
    id,
    lyrics_owner_id: 1 + Math.floor(fractionOf(`owner\0${id}`) * 9_000_000),
    lyrics_state: song.lyricsState,
    path,
    primary_artist_names: artist.name,
    pyongs_count: pageviews >= MUCH_READ ? Math.round(pageviews / 4_000) : null,
    relationships_index_url: `https://genius.com${path.replace(/-lyrics$/, '-sample')}`,
    ...dates(song.released),
    song_art_image_thumbnail_url: image(300),
    song_art_image_url: image(1000),
    stats: statsOf(song),
    title,
    title_with_featured: withFeatured,
    url: `https://genius.com${path}`,
    featured_artists: featured.map((one) => artistObject(one, origin)),
    primary_artist: artistObjectOf,
    primary_artists: [artistObjectOf],
  }
}

function description(text: string, format: TextFormat): JsonObject {
  if (format === 'plain') return { plain: text }
  if (format === 'html') return { html: `<p>${text}</p>` }
  return { dom: { tag: 'root', children: [{ tag: 'p', children: [text] }] } }
}

function media({ id, spotifyTrackId }: GeniusSong): JsonObject[] {
  const video = {
    type: 'video',
    provider: 'youtube',
    start: 0,
    url: `https://www.youtube.com/watch?v=sandbox${String(id).slice(-4)}`,
  }
  if (spotifyTrackId === undefined) return [video]
  return [
    {
      type: 'audio',
      provider: 'spotify',
      native_uri: `spotify:track:${spotifyTrackId}`,
      url: `https://open.spotify.com/track/${spotifyTrackId}`,
    },
    video,
  ]
}

/** The song's own page. It never holds words of the song. */
export function songObject(song: GeniusSong, format: TextFormat, origin: string): JsonObject {
  const { id, title, album, artist, language, instrumental, released } = song
  const pad = (value: number) => String(value).padStart(2, '0')
  const { primary_artists: _, ...result } = resultObject(song, origin)
  const about = description('?', format)
  return {
    ...result,
    apple_music_id: null,
    description: about,
    embed_content: '',
    instrumental,
    language,
    lyrics_placeholder_reason: null,
    recording_location: null,
    release_date: `${released.year}-${pad(released.month)}-${pad(released.day)}`,
    // Only much-read songs have a count of those reading now.
    stats: { ...statsOf(song), ...(song.pageviews >= MUCH_READ ? { concurrents: 2 } : {}) },
    current_user_metadata: {
      permissions: ['see_pageviews', 'create_comment'],
      interactions: { pyong: false, following: false },
    },
    album: {
      api_path: `/albums/${id}`,
      id,
      name: album,
      full_title: `${album} by ${artist.name}`,
      url: `https://genius.com/albums/${slug(artist.name) || artist.id}/${slug(album) || id}`,
    },
    media: media(song),
    producer_artists: [],
    writer_artists: [],
    song_relationships: [],
    translation_songs: [],
    verified_annotations_by: [],
    description_annotation: {
      _type: 'referent',
      annotator_id: 1,
      annotator_login: 'genius',
      api_path: `/referents/${id}`,
      classification: 'unreviewed',
      fragment: title,
      id,
      is_description: true,
      path: `/${id}`,
      range: { content: title },
      song_id: id,
      url: `https://genius.com/${id}`,
      annotatable: { api_path: `/songs/${id}`, id, title, type: 'Song', url: result['url'] },
      annotations: [],
    },
  }
}
