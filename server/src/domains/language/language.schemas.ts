import { type Static, Type } from 'typebox'
import { TrackLanguage } from '#domains/music'

const Evidence = Type.Object(
  {
    source: Type.String({
      maxLength: 40,
      description: 'The signal: title, album, artist, script, isrc, genre, words, cue and others.',
    }),
    value: Type.String({ maxLength: 500, description: 'What was seen.' }),
    weight: Type.Number({
      minimum: -10_000,
      maximum: 10_000,
      description:
        'Nats by which it moved the best language against the second; negative speaks against it.',
    }),
  },
  { title: 'LanguageEvidence' },
)

/** A track's language with the reasons for it. */
export const TrackLanguageDetail = Type.Object(
  {
    trackId: Type.String({ format: 'uuid' }),
    ...TrackLanguage.properties,
    evidence: Type.Array(Evidence, { maxItems: 50, description: 'The weightiest first.' }),
    detectorVersion: Type.Union([Type.String({ maxLength: 100 }), Type.Null()]),
    detectedAt: Type.Union([Type.String({ format: 'date-time', maxLength: 40 }), Type.Null()], {
      description: 'Null while pending.',
    }),
  },
  { title: 'TrackLanguageDetail' },
)
export type TrackLanguageDetail = Static<typeof TrackLanguageDetail>

export const TrackParams = Type.Object({ id: Type.String({ format: 'uuid', maxLength: 36 }) })
