import { expect, it } from 'vitest'
import { parseSearchQuery } from './search-query.ts'

it.each([
  ['hey jude', 'hey jude', {}],
  ['track:"Hey Jude" artist:"The Beatles"', '', { track: 'Hey Jude', artist: 'The Beatles' }],
  ['remaster track:Doxy artist:Miles Davis', 'remaster', { track: 'Doxy', artist: 'Miles Davis' }],
  ['track:"Sol" live', 'live', { track: 'Sol' }],
  ['isrc:USUM71703861', '', { isrc: 'USUM71703861' }],
  ['12:51', '12:51', {}],
  ['track:"unclosed', '', { track: 'unclosed' }],
])('reads %s', (query, words, fields) => {
  expect(parseSearchQuery(query)).toEqual({ words, fields })
})
