import { afterAll, beforeAll, expect, it } from 'vitest'
import { RecordedAnswersError, startSandbox } from '../src/index.ts'
import { ALL_SCOPES, api, consent, genius, REDIRECT_URI, tokenRequest } from './client.ts'
import { referenceData, referenceJson } from './reference-data.ts'

type Skip = (note: string) => void
type Json = Record<string, unknown> & { items: Array<Record<string, unknown>> }

const closers: Array<() => Promise<void>> = []
let session: Promise<{ url: string; token: string }> | undefined

beforeAll(() => {
  session = undefined
})
afterAll(async () => {
  for (const close of closers) await close()
})

async function begin(folder: string): Promise<{ url: string; token: string }> {
  const { url, close } = await startSandbox({ mode: 'recorded', recordedDir: folder })
  closers.push(close)
  const code = (await consent(url, '1112264649', { scope: ALL_SCOPES })).searchParams.get('code')
  const fields = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: REDIRECT_URI }
  const body = (await (await tokenRequest(url, fields)).json()) as { access_token: string }
  return { url, token: body.access_token }
}

function recordedSession(skip: Skip): Promise<{ url: string; token: string }> {
  session ??= begin(referenceData(skip, 'api'))
  return session
}

async function get(skip: Skip, path: string): Promise<Json> {
  const { url, token } = await recordedSession(skip)
  return (await (await api(url, path, token)).json()) as Json
}

const recorded = (skip: Skip, name: string) =>
  referenceJson(skip, 'api', 'spotify', 'recorded', `${name}.json`) as Json

it.for([
  ['current_user', '/me'],
  ['top_tracks', '/me/top/tracks?limit=48'],
  ['top_artists', '/me/top/artists?limit=48'],
  ['saved_tracks', '/me/tracks?limit=48'],
  ['artist', '/artists/0TnOYISbd1XYRBk9myaseg'],
  ['search', '/search?q=Never%20Gonna%20Give%20You%20Up&type=track'],
])('gives the recorded %s back as it was', async ([name = '', path = ''], { skip }) => {
  expect(await get(skip, path)).toEqual(recorded(skip, name))
})

it('pages through recorded lists to their end', async ({ skip }) => {
  const { items } = recorded(skip, 'top_tracks')
  const page = await get(skip, '/me/top/tracks?limit=20&offset=40')
  expect(page).toMatchObject({ limit: 20, offset: 40, next: null })
  expect(page.items).toEqual(items.slice(40))
})

it('pages through the recorded plays by their cursors', async ({ skip }) => {
  const { items } = recorded(skip, 'recently_played_tracks')
  const first = await get(skip, '/me/player/recently-played?limit=5')
  const { before } = first['cursors'] as { before: string }
  const second = await get(skip, `/me/player/recently-played?limit=5&before=${before}`)
  expect([...first.items, ...second.items]).toEqual(items.slice(0, 10))
})

it('knows the tracks and artists of the recorded lists, and no others', async ({ skip }) => {
  const [track] = recorded(skip, 'top_tracks').items
  const id = String(track?.['id'])
  expect(await get(skip, `/tracks/${id}`)).toMatchObject({
    id,
    external_ids: track?.['external_ids'],
  })
  expect(await get(skip, `/tracks/${'0'.repeat(22)}`)).toHaveProperty('error.status', 404)
})

it('finds what was searched, and nothing else', async ({ skip }) => {
  expect(await get(skip, '/search?q=somebody%20else&type=track')).toMatchObject({
    tracks: { items: [], total: 0, next: null },
  })
  const { url } = await recordedSession(skip)
  const hits = async (query: string) => {
    const answer = await genius(url, `/search?q=${encodeURIComponent(query)}`)
    return ((await answer.json()) as { response: { hits: unknown[] } }).response.hits
  }
  expect(await hits('The Hills The Weeknd')).toHaveLength(10)
  expect(await hits('Genetikk CHOP $uEY')).toHaveLength(1)
  expect(await hits('nothing of the kind')).toEqual([])
})

it('refuses to start without its folder', async () => {
  const start = (recordedDir?: string) =>
    startSandbox({ mode: 'recorded', ...(recordedDir === undefined ? {} : { recordedDir }) })
  await expect(start('/no/such/folder')).rejects.toThrow('there is no such folder')
  await expect(start()).rejects.toThrow(RecordedAnswersError)
  await expect(start(import.meta.dirname)).rejects.toThrow('lacks current_user.json')
})
