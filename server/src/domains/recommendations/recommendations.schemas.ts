import { type Static, Type } from 'typebox'

/** Longest list that can be asked for; lists are computed this long and cut when shown. */
export const MAX_RECOMMENDATIONS = 100

const Id = Type.String({ format: 'uuid', maxLength: 36 })
const Name = Type.String({ maxLength: 500 })
const Instant = Type.String({ format: 'date-time', maxLength: 40 })
const Share = Type.Number({ minimum: 0, maximum: 1 })
const Count = Type.Integer({ minimum: 0, maximum: 1000 })
const Language = Type.String({
  minLength: 2,
  maxLength: 35,
  description: 'BCP 47; only the language itself counts, so es-MX asks for es.',
  examples: ['es', 'pt-BR'],
})
const Limit = Type.Integer({ minimum: 1, maximum: MAX_RECOMMENDATIONS, default: 20 })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])

export const ByLanguageBody = Type.Object(
  { lang: Language, limit: Limit },
  { title: 'ByLanguageRequest', additionalProperties: false },
)

export const MineQuery = Type.Object({ limit: Limit })

export const Reason = Type.Object(
  {
    code: Type.Union([
      Type.Literal('because_you_listen_to'),
      Type.Literal('more_from_artist'),
      Type.Literal('popular_in_language'),
    ]),
    trackId: Type.Optional(Id),
    title: Type.Optional(Name),
    artist: Type.Optional(Name),
    text: Type.Object({
      en: Type.String({ maxLength: 1200 }),
      es: Type.String({ maxLength: 1200 }),
    }),
  },
  {
    title: 'RecommendationReason',
    description: 'trackId, title and artist name the track you listen to that speaks most for it.',
  },
)
export type Reason = Static<typeof Reason>

const RecommendedTrack = Type.Object(
  {
    trackId: Id,
    title: Name,
    artists: Type.Array(Type.Object({ artistId: Id, name: Name }), { maxItems: 100 }),
    album: orNull(Name),
    releaseYear: orNull(Type.Integer({ minimum: 1000, maximum: 9999 })),
    isrc: orNull(Type.String({ maxLength: 12 })),
    durationMs: orNull(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
    genres: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 200 }),
    links: Type.Object({ spotify: Type.Optional(Type.String({ maxLength: 300 })) }),
  },
  { title: 'RecommendedTrack' },
)

const RecommendedLanguage = Type.Object({
  tag: Type.String({ maxLength: 35 }),
  confidence: Share,
})

export const Recommendation = Type.Object(
  {
    track: RecommendedTrack,
    language: RecommendedLanguage,
    score: Type.Number({ minimum: 0, maximum: 1, description: 'The best of a list has 1.' }),
    reason: Reason,
  },
  { title: 'Recommendation' },
)
export type Recommendation = Static<typeof Recommendation>

export const Recommendations = Type.Object(
  {
    lang: Type.String({ maxLength: 35 }),
    items: Type.Array(Recommendation, { maxItems: MAX_RECOMMENDATIONS }),
    shortfall: Type.Integer({
      minimum: 0,
      maximum: MAX_RECOMMENDATIONS,
      description: 'How many fewer there are than asked for; another language is never mixed in.',
    }),
    seeds: { ...Count, description: 'Tracks of yours that the list is based on.' },
    basis: Type.Union([Type.Literal('your_listening'), Type.Literal('popularity')], {
      description: 'popularity: nothing is known of what you listen to; link an account.',
    }),
    model: orNull(Type.Object({ version: Type.String({ maxLength: 100 }), trainedAt: Instant })),
    generatedAt: Instant,
    stale: Type.Optional(
      Type.Boolean({ description: 'True when an old list stands in for one that failed.' }),
    ),
  },
  { title: 'Recommendations' },
)
export type Recommendations = Static<typeof Recommendations>

const StoredReason = Type.Union([
  Type.Object({ code: Type.Literal('because_you_listen_to'), seedId: Id }),
  Type.Object({ code: Type.Literal('more_from_artist'), seedId: Id, artistId: Id }),
  Type.Object({ code: Type.Literal('popular_in_language') }),
])

/**
 * A list as it is kept: ids and scores only. Titles and names belong to their origins, some of
 * which allow them to be kept for a short time; they are looked up whenever a list is shown.
 */
export const RankedList = Type.Object({
  lang: Type.String(),
  items: Type.Array(
    Type.Object({
      trackId: Id,
      language: RecommendedLanguage,
      score: Share,
      reason: StoredReason,
    }),
  ),
  seeds: Count,
  model: orNull(Type.Object({ version: Type.String(), trainedAt: Type.String() })),
  generatedAt: Type.String(),
})
export type RankedList = Static<typeof RankedList>
