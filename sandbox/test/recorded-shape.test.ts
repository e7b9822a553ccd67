import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../src/index.ts'
import { readCassettes } from '../src/recorded/cassettes.ts'
import { api, control, genius, signIn } from './client.ts'
import { referenceData, referenceJson } from './reference-data.ts'
import { mismatches, shapeOf } from './shape.ts'

let sandbox: Sandbox
let token: string

beforeAll(async () => {
  sandbox = await startSandbox()
  token = (await signIn(sandbox.url, 'haruka')).access_token
})
afterAll(() => sandbox.close())

it.for<[string, () => string]>([
  ['current_user', () => '/me'],
  ['top_tracks', () => '/me/top/tracks'],
  ['top_artists', () => '/me/top/artists'],
  ['recently_played_tracks', () => '/me/player/recently-played'],
  ['saved_tracks', () => '/me/tracks'],
  ['search', () => '/search?q=love&type=track&limit=2'],
  ['artist', () => `/artists/${sandbox.catalogue.artists[0]?.id}`],
  ['playlist_not_found', () => `/tracks/${'0'.repeat(22)}`],
])('answers with the keys and types of the recorded %s', async ([name, pathOf], { skip }) => {
  const recorded = referenceJson(skip, 'api', 'spotify', 'recorded', `${name}.json`)
  const answer = await api(sandbox.url, pathOf(), token)
  expect(mismatches(shapeOf([recorded]), await answer.json())).toEqual([])
})

it('limits the rate with the recorded body', async ({ skip }) => {
  const recorded = referenceJson(skip, 'api', 'spotify', 'recorded', 'rate_limit.json')
  await control(sandbox.url, '/faults', { target: 'spotify.api', kind: 'rate-limit', times: 1 })
  const answer = await api(sandbox.url, '/me', token)
  expect(mismatches(shapeOf([recorded]), await answer.json())).toEqual([])
})

it('finds Genius songs with the keys and types of the recorded search', async ({ skip }) => {
  const recorded = referenceJson(skip, 'api', 'genius', 'search_one_hit_recent.json')
  const answer = await genius(sandbox.url, '/search?q=despacito%20luis%20fonsi&per_page=1')
  const body = (await answer.json()) as { response: { hits: unknown[] } }
  expect(body.response.hits).toHaveLength(1)
  expect(mismatches(shapeOf([recorded]), body)).toEqual([])
})

it('gives a Genius song with the keys and types of the recorded one', async ({ skip }) => {
  const path = referenceData(skip, 'api', 'genius', 'song-176872.yml')
  const recorded = await readCassettes([path])
  const search = await genius(sandbox.url, '/search?q=despacito%20luis%20fonsi&per_page=1')
  const found = (await search.json()) as { response: { hits: Array<{ result: { id: number } }> } }
  const id = found.response.hits[0]?.result.id
  const answer = await genius(sandbox.url, `/songs/${id}?text_format=plain`)
  expect(mismatches(shapeOf(recorded.map(({ body }) => body)), await answer.json())).toEqual([])
})

it('answers an unknown Genius song with the recorded body', async ({ skip }) => {
  const path = referenceData(skip, 'api', 'genius', 'song-bahahaha.yml')
  const [recorded] = await readCassettes([path])
  const answer = await genius(sandbox.url, '/songs/bahahaha')
  expect(answer.status).toBe(recorded?.status)
  expect(await answer.json()).toEqual(recorded?.body)
})
