import { type Static, Type } from 'typebox'

const MAX_NAME = 200
const MAX_PAGE_NAME = 500
const MAX_URL = 2_000

/** Blank text asks for nothing. */
const NOT_BLANK = '\\S'

const Score = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })
const Url = Type.String({ maxLength: MAX_URL })
const Language = Type.Union([Type.String({ maxLength: 35 }), Type.Null()], {
  description: 'BCP 47 tag, when the provider states one.',
})
const Stale = Type.Boolean({
  description: 'True when this is what was found earlier, since the provider does not answer.',
})
const Attribution = Type.String({ maxLength: 200, description: 'Show it with the link.' })

export const LyricsQuery = Type.Object({
  artist: Type.String({ minLength: 1, maxLength: MAX_NAME, pattern: NOT_BLANK }),
  title: Type.String({ minLength: 1, maxLength: MAX_NAME, pattern: NOT_BLANK }),
})
export type LyricsQuery = Static<typeof LyricsQuery>

export const LyricsHit = Type.Object(
  {
    title: Type.String({ maxLength: MAX_PAGE_NAME }),
    artist: Type.String({ maxLength: MAX_PAGE_NAME }),
    url: Url,
    provider: Type.String({ maxLength: 50 }),
    providerId: Type.String({ maxLength: 100 }),
    language: Language,
    score: Score('How sure it is that this is the page; never below 0.75.'),
    matched: Type.Object({
      title: Score('How alike the titles are.'),
      artist: Score('How alike the artists are.'),
      page: Type.Union([Type.Literal('original'), Type.Literal('romanisation')], {
        description: 'Whether the page has the words as they are sung or transliterated.',
      }),
    }),
    attribution: Attribution,
    stale: Type.Optional(Stale),
  },
  { title: 'LyricsHit', description: 'The page that holds the words of a song; not the words.' },
)
export type LyricsHit = Static<typeof LyricsHit>

/** A hit as it is kept: who to thank for it is the provider's to say. */
export const StoredHit = Type.Omit(LyricsHit, ['attribution', 'stale'])
export type StoredHit = Static<typeof StoredHit>

export const LyricsSearchQuery = Type.Object({
  q: Type.String({ minLength: 1, maxLength: MAX_NAME, pattern: NOT_BLANK }),
  limit: Type.Integer({ minimum: 1, maximum: 20, default: 10 }),
})
export type LyricsSearchQuery = Static<typeof LyricsSearchQuery>

export const LyricsPage = Type.Object(
  {
    title: Type.String({ maxLength: MAX_PAGE_NAME }),
    artist: Type.String({ maxLength: MAX_PAGE_NAME }),
    artists: Type.Array(Type.String({ maxLength: MAX_PAGE_NAME }), { maxItems: 50 }),
    url: Url,
    provider: Type.String({ maxLength: 50 }),
    providerId: Type.String({ maxLength: 100 }),
    language: Language,
    thumbnailUrl: Type.Union([Url, Type.Null()]),
    releaseYear: Type.Union([Type.Integer({ minimum: 1000, maximum: 9999 }), Type.Null()]),
    attribution: Attribution,
  },
  { title: 'LyricsPage' },
)
export type LyricsPage = Static<typeof LyricsPage>

export const LyricsPages = Type.Object(
  { items: Type.Array(LyricsPage, { maxItems: 20 }), stale: Type.Optional(Stale) },
  { title: 'LyricsPages' },
)
export type LyricsPages = Static<typeof LyricsPages>
