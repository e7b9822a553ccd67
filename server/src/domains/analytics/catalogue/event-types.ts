import { type TObject, type TProperties, Type } from 'typebox'
import {
  durationMs,
  language,
  listId,
  playlistId,
  position,
  programName,
  source,
  trackId,
} from './event-fields.ts'

/** What an event is kept for: to keep the service working, or, with consent, to learn from it. */
export type EventPurpose = 'essential' | 'analytics'

export interface EventType {
  /** Stable string such as `track.played`. */
  readonly type: string
  /** Counts up when a change would make an event of the version before invalid. */
  readonly version: number
  readonly purpose: EventPurpose
  readonly description: string
  /** Of the payload as canonical JSON. */
  readonly maxPayloadBytes: number
  readonly payload: TObject
}

/** Fits every payload whose lists are short. */
const USUAL_PAYLOAD_BYTES = 1_024

function eventType(
  type: string,
  description: string,
  fields: TProperties,
  settings: Partial<Pick<EventType, 'version' | 'purpose' | 'maxPayloadBytes'>> = {},
): EventType {
  return {
    type,
    description,
    version: 1,
    purpose: 'analytics',
    maxPayloadBytes: USUAL_PAYLOAD_BYTES,
    ...settings,
    payload: Type.Object(fields, { additionalProperties: false }),
  }
}

const client = Type.Enum(['web', 'ios', 'android', 'desktop', 'cli', 'other'])
const essential = { purpose: 'essential' } as const

const ofTheApp: readonly EventType[] = [
  eventType('app.opened', 'A client was opened.', { client, release: programName }, essential),
  eventType(
    'app.failed',
    'A client met a failure that it could not hide.',
    { client, release: programName, failure: programName, screen: Type.Optional(programName) },
    essential,
  ),
  eventType('session.started', 'Somebody began to use a client.', {
    client,
    language: Type.Optional(language),
  }),
  eventType('session.ended', 'Somebody stopped using a client.', { client, durationMs }),
]

const ofListening: readonly EventType[] = [
  eventType('track.played', 'A track was played, to its end or not.', {
    trackId,
    source,
    positionMs: durationMs,
    durationMs: Type.Optional(durationMs),
    language: Type.Optional(language),
  }),
  eventType('track.skipped', 'A track was left before its end for another.', {
    trackId,
    source,
    positionMs: durationMs,
    durationMs: Type.Optional(durationMs),
    language: Type.Optional(language),
  }),
  eventType('lyrics.opened', 'The page with the words of a track was opened.', {
    trackId: Type.Optional(trackId),
    provider: Type.Enum(['genius', 'lrclib', 'other']),
    language: Type.Optional(language),
  }),
]

const ofRecommendations: readonly EventType[] = [
  eventType(
    'recommendation.shown',
    'Recommended tracks came into sight.',
    {
      language,
      listId: Type.Optional(listId),
      trackIds: Type.Array(trackId, { minItems: 1, maxItems: 100 }),
    },
    { maxPayloadBytes: 8_192 },
  ),
  eventType('recommendation.clicked', 'A recommended track was chosen.', {
    language,
    listId: Type.Optional(listId),
    trackId,
    position,
  }),
  eventType('recommendation.rated', 'A recommended track was liked or not.', {
    language,
    listId: Type.Optional(listId),
    trackId,
    rating: Type.Enum(['liked', 'disliked', 'wrong_language']),
  }),
]

const ofPlaylists: readonly EventType[] = [
  eventType('playlist.created', 'A playlist was begun.', {
    playlistId,
    language: Type.Optional(language),
  }),
  eventType('playlist.deleted', 'A playlist was given up.', { playlistId }),
  eventType('playlist.track_added', 'A track was put into a playlist.', {
    playlistId,
    trackId,
    source,
  }),
  eventType('playlist.track_removed', 'A track was taken out of a playlist.', {
    playlistId,
    trackId,
  }),
]

const ofFinding: readonly EventType[] = [
  eventType('language.switched', 'Another language was asked for.', {
    from: Type.Optional(language),
    to: language,
  }),
  eventType('search.performed', 'Something was searched for; the words themselves are not told.', {
    kind: Type.Enum(['tracks', 'lyrics']),
    wordCount: Type.Integer({ minimum: 0, maximum: 100 }),
    resultCount: Type.Integer({ minimum: 0, maximum: 10_000 }),
    language: Type.Optional(language),
  }),
]

/** Every type of event that clients may send. */
export const EVENT_TYPES: readonly EventType[] = [
  ...ofTheApp,
  ...ofListening,
  ...ofRecommendations,
  ...ofPlaylists,
  ...ofFinding,
]
