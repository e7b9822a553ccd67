import { Type } from 'typebox'

/** Fields that the payloads of several types share. No field holds what a user wrote. */

const id = () => Type.String({ format: 'uuid', examples: ['01980000-0000-7000-8000-000000000000'] })

export const trackId = id()
export const playlistId = id()

/** BCP 47 */
export const language = Type.String({
  minLength: 2,
  maxLength: 35,
  pattern: '^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$',
  examples: ['es', 'pt-BR'],
})

/** Twelve hours: longer than anything that is sung. */
export const durationMs = Type.Integer({ minimum: 0, maximum: 43_200_000 })

export const position = Type.Integer({
  minimum: 1,
  maximum: 500,
  description: 'Place in the list, from 1.',
})

/** Where a track was come upon. */
export const source = Type.Enum([
  'recommendation',
  'search',
  'top_tracks',
  'playlist',
  'library',
  'other',
])

/** Which list of recommendations it was: the answer's request id. */
export const listId = Type.String({ pattern: '^[0-9a-f]{32}$', examples: ['0'.repeat(32)] })

/** A name that a program gives: of a screen, a version, a failure. */
export const programName = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[\\w.+/-]+$',
  examples: ['1.4.0'],
})
