import { type Static, Type } from 'typebox'

const Id = Type.String({ format: 'uuid' })
const Instant = Type.String({ format: 'date-time', maxLength: 40 })
const Confidence = Type.Number({ minimum: 0, maximum: 1 })
const Tag = Type.String({ description: 'BCP 47', maxLength: 35, examples: ['es', 'zxx'] })

const TIME_RANGES = [
  Type.Literal('short_term'),
  Type.Literal('medium_term'),
  Type.Literal('long_term'),
] as const
const timeRangeDescription = 'About the last 4 weeks, 6 months, or year.'
export const TimeRange = Type.Union([...TIME_RANGES], { description: timeRangeDescription })
export type TimeRange = Static<typeof TimeRange>

export const TrackLanguage = Type.Object(
  {
    status: Type.Union(
      [Type.Literal('detected'), Type.Literal('unknown'), Type.Literal('pending')],
      { description: 'unknown: looked at, and not certain enough. pending: not looked at yet.' },
    ),
    tag: Type.Union([Tag, Type.Null()], { description: 'The main language; null if unknown.' }),
    confidence: Type.Union([Confidence, Type.Null()]),
    languages: Type.Array(Type.Object({ tag: Tag, confidence: Confidence }), { maxItems: 20 }),
  },
  { title: 'TrackLanguage' },
)
export type TrackLanguage = Static<typeof TrackLanguage>

const Links = Type.Object(
  { spotify: Type.Optional(Type.String({ format: 'uri', maxLength: 300 })) },
  { description: 'Where to listen, by service.' },
)

const trackFacts = {
  trackId: Id,
  title: Type.String({ maxLength: 500 }),
  artists: Type.Array(Type.Object({ artistId: Id, name: Type.String({ maxLength: 500 }) }), {
    maxItems: 100,
  }),
  album: Type.Union([Type.String({ maxLength: 500 }), Type.Null()]),
  releaseYear: Type.Union([Type.Integer({ minimum: 1000, maximum: 9999 }), Type.Null()]),
  isrc: Type.Union([Type.String({ maxLength: 12 }), Type.Null()]),
  durationMs: Type.Union([Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), Type.Null()]),
  genres: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 200 }),
  links: Links,
}
const TrackFacts = Type.Object(trackFacts)
/** What is known of a track, from all its origins together. */
export type TrackFacts = Static<typeof TrackFacts>

export const Track = Type.Object({ ...trackFacts, language: TrackLanguage }, { title: 'Track' })
export type Track = Static<typeof Track>

export const Artist = Type.Object(
  {
    artistId: Id,
    name: Type.String({ maxLength: 500 }),
    genres: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 200 }),
    links: Links,
  },
  { title: 'Artist' },
)
export type Artist = Static<typeof Artist>

const Attribution = Type.Object(
  { name: Type.String({ maxLength: 100 }), url: Type.String({ format: 'uri', maxLength: 300 }) },
  { description: 'Whose content this is; show it with the items.' },
)

const topEnvelope = {
  timeRange: TimeRange,
  fetchedAt: Type.String({ ...Instant, description: 'When the provider said so.' }),
  stale: Type.Boolean({ description: 'True when the provider could not be asked again in time.' }),
  attribution: Attribution,
}

export const TopTracks = Type.Object(
  { items: Type.Array(Track, { maxItems: 50 }), ...topEnvelope },
  { title: 'TopTracks' },
)
export type TopTracks = Static<typeof TopTracks>

export const TopArtists = Type.Object(
  { items: Type.Array(Artist, { maxItems: 50 }), ...topEnvelope },
  { title: 'TopArtists' },
)
export type TopArtists = Static<typeof TopArtists>

export const TrackSearch = Type.Object(
  { items: Type.Array(Track, { maxItems: 10 }), attribution: Attribution },
  { title: 'TrackSearch' },
)
export type TrackSearch = Static<typeof TrackSearch>

export const TopQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 50, default: 20 }),
  time_range: Type.Union([...TIME_RANGES], {
    description: timeRangeDescription,
    default: 'medium_term',
  }),
})

export const SearchQuery = Type.Object({
  q: Type.String({
    maxLength: 200,
    pattern: '\\S',
    description: 'Words of the title or artist.',
  }),
  limit: Type.Integer({ minimum: 1, maximum: 10, default: 5 }),
})

export const TrackParams = Type.Object({ id: Id })
