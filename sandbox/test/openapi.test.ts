import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Sandbox, startSandbox } from '../src/index.ts'
import { api, control, signIn } from './client.ts'
import { referenceData } from './reference-data.ts'

interface OpenApi {
  paths: Record<string, { get?: { responses: Record<string, { $ref: string }> } }>
  components: {
    responses: Record<string, unknown>
    schemas: Record<string, { properties: Record<string, unknown> }>
  }
}

let sandbox: Sandbox
let token: string

beforeAll(async () => {
  sandbox = await startSandbox()
  token = (await signIn(sandbox.url, 'camila')).access_token
})
afterAll(() => sandbox.close())

function readDocument(skip: (note: string) => void): OpenApi {
  const path = referenceData(skip, 'api', 'spotify', 'official-spotify-open-api.yml')
  const document = parse(readFileSync(path, 'utf8')) as OpenApi
  // The document's own text says "null if none" of these two, and its types forget it.
  const paging = document.components.schemas['CursorPagingObject']?.properties ?? {}
  paging['next'] = { type: 'string', nullable: true }
  paging['cursors'] = { anyOf: [paging['cursors'], { enum: [null] }] }
  return document
}

/** Checks bodies against the answer that the document describes for a path and a status. */
function validator(document: OpenApi) {
  const ajv = new Ajv({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema({ ...document, $id: 'spotify' })
  const responses = document.components.responses
  return (path: string, status: number, body: unknown): string => {
    const declared = document.paths[path]?.get?.responses[status]?.$ref.split('/').at(-1)
    const fallback = status === 404 ? 'NotFound' : 'BadRequest'
    const name = declared ?? fallback
    expect(responses).toHaveProperty([name])
    const pointer = `components/responses/${name}/content/application~1json/schema`
    const validate = ajv.compile({ $ref: `spotify#/${pointer}` })
    return validate(body) ? '' : `${name}: ${ajv.errorsText(validate.errors)}`
  }
}

it('answers every endpoint as the official document describes', async ({ skip }) => {
  const check = validator(readDocument(skip))
  const track = sandbox.catalogue.tracks[0]
  const calls: Array<[path: string, request: string, status: number]> = [
    ['/me', '/me', 200],
    ['/me/top/{type}', '/me/top/tracks?limit=50', 200],
    ['/me/top/{type}', '/me/top/tracks?offset=9999', 200],
    ['/me/top/{type}', '/me/top/artists?time_range=short_term', 200],
    ['/me/player/recently-played', '/me/player/recently-played?limit=50', 200],
    ['/me/player/recently-played', '/me/player/recently-played?before=1', 200],
    ['/me/tracks', '/me/tracks?offset=3', 200],
    ['/tracks/{id}', `/tracks/${track?.id}`, 200],
    ['/artists/{id}', `/artists/${track?.artistIds[0]}`, 200],
    ['/search', '/search?q=amor&type=track,artist,album', 200],
    ['/search', '/search?q=zzzzzzzz&type=track', 200],
    ['/search', '/search?q=amor&type=track&limit=99', 400],
    ['/tracks/{id}', '/tracks/abc', 400],
    ['/tracks/{id}', `/tracks/${'0'.repeat(22)}`, 404],
    ['/recommendations', '/recommendations?seed_tracks=x', 404],
    ['/tracks', '/tracks?ids=x', 403],
    ['/artists', '/artists?ids=x', 403],
    ['/artists/{id}/top-tracks', `/artists/${track?.artistIds[0]}/top-tracks`, 403],
    ['/artists/{id}/related-artists', `/artists/${track?.artistIds[0]}/related-artists`, 404],
    ['/audio-features', '/audio-features?ids=x', 403],
  ]
  for (const [path, request, status] of calls) {
    const answer = await api(sandbox.url, request, token)
    expect(answer.status, request).toBe(status)
    expect(check(path, status, await answer.json()), request).toBe('')
  }
})

it('words its refusals as the official document describes', async ({ skip }) => {
  const check = validator(readDocument(skip))
  const bare = (await signIn(sandbox.url, 'camila', '')).access_token
  const paths = ['/me/top/{type}', '/me/player/recently-played', '/me/tracks']
  for (const path of paths) {
    const request = path.replace('{type}', 'tracks')
    for (const [given, status] of [
      [undefined, 401],
      ['wrong', 401],
      [bare, 403],
    ] as const) {
      const answer = await api(sandbox.url, request, given)
      expect(answer.status).toBe(status)
      expect(check(path, status, await answer.json()), request).toBe('')
    }
  }
  await control(sandbox.url, '/faults', { target: 'spotify.api', kind: 'rate-limit', times: 1 })
  const limited = await api(sandbox.url, '/me', token)
  expect(check('/me', limited.status, await limited.json())).toBe('')
})

it('would notice a wrong answer', ({ skip }) => {
  const check = validator(readDocument(skip))
  expect(check('/tracks/{id}', 200, { duration_ms: 'long' })).toContain('duration_ms')
  expect(check('/me/tracks', 200, { items: [] })).toContain('required')
})
