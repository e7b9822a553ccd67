import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { LyricsCandidate, LyricsState } from '#domains/lyrics'

/**
 * Only what is needed, and as little of it as required: answers of different years differ, and
 * fields come and go without notice.
 */
const SearchAnswer = Type.Object({ response: Type.Object({ hits: Type.Array(Type.Unknown()) }) })

const Artist = Type.Object({ name: Type.String({ minLength: 1 }) })
const SongHit = Type.Object({
  type: Type.Optional(Type.Literal('song')),
  result: Type.Object({
    id: Type.Integer({ minimum: 1 }),
    title: Type.String({ minLength: 1, maxLength: 500 }),
    url: Type.String({ minLength: 1, maxLength: 2_000 }),
    primary_artist: Artist,
  }),
})
const Artists = Type.Array(Artist)
const ReleaseDate = Type.Object({ year: Type.Integer({ minimum: 1000, maximum: 9999 }) })

type SongResult = Static<typeof SongHit>['result'] & Readonly<Record<string, unknown>>

const MAX_NAME_LENGTH = 500
const MAX_ARTISTS = 50
const LYRICS_STATES: readonly LyricsState[] = ['complete', 'incomplete', 'unreleased']
/** Genius also says `romanization` here, which is no language. */
const LANGUAGE_TAG = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/

/** The songs in an answer of `/search`, or undefined when it is no such answer. */
export function parseSearch(body: unknown): LyricsCandidate[] | undefined {
  if (!Value.Check(SearchAnswer, body)) return undefined
  return body.response.hits.flatMap((hit) => (Value.Check(SongHit, hit) ? songOf(hit.result) : []))
}

function songOf(result: SongResult): LyricsCandidate[] {
  const url = webUrl(result.url)
  const primaryArtist = textOf(result['primary_artist_names']) ?? result.primary_artist.name
  if (url === undefined || !isStorable(result.title + primaryArtist)) return []
  return [
    {
      providerId: String(result.id),
      title: result.title,
      primaryArtist: primaryArtist.slice(0, MAX_NAME_LENGTH),
      artists: artistsOf(result),
      url,
      language: languageOf(result['language']),
      thumbnailUrl: webUrl(result['song_art_image_thumbnail_url']) ?? null,
      releaseYear: releaseYearOf(result['release_date_components']),
      lyricsState: LYRICS_STATES.find((state) => state === result['lyrics_state']) ?? 'unknown',
      annotationCount: countOf(result['annotation_count']),
    },
  ]
}

function artistsOf(result: SongResult): string[] {
  const named = [result['primary_artists'], result['featured_artists']].flatMap((artists) =>
    Value.Check(Artists, artists) ? artists : [],
  )
  const names = [result.primary_artist, ...named].map(({ name }) => name.slice(0, MAX_NAME_LENGTH))
  return [...new Set(names)].slice(0, MAX_ARTISTS)
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/** PostgreSQL stores no U+0000, and UTF-8 has no lone surrogates. */
const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0')

const languageOf = (value: unknown) =>
  typeof value === 'string' && LANGUAGE_TAG.test(value) ? value : null

const releaseYearOf = (value: unknown) => (Value.Check(ReleaseDate, value) ? value.year : null)

const countOf = (value: unknown) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0

/** An address that is safe to show as a link, however the provider shortened it. */
function webUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value, 'https://genius.com')) return undefined
  const { protocol, href } = new URL(value, 'https://genius.com')
  return /^https?:$/.test(protocol) && href.length <= 2_000 ? href : undefined
}
