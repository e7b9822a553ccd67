import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox, type Track } from '../src/index.ts'
import { genius } from './client.ts'

interface Hit {
  result: { id: number; title: string; url: string; primary_artist: { name: string } }
}

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

async function search(query: string, more = ''): Promise<Hit[]> {
  const answer = await genius(sandbox.url, `/search?q=${encodeURIComponent(query)}${more}`)
  const body = (await answer.json()) as { response: { hits: Hit[] } }
  return body.response.hits
}

function isOriginal({ result }: Hit, track: Track): boolean {
  const bare = result.title.replace(/ \((Remix|Live)\)$/, '')
  return (
    result.primary_artist.name === track.artistNames[0] &&
    (track.title.startsWith(bare) || track.title.includes(bare))
  )
}

function sample(step: number): Track[] {
  return sandbox.catalogue.tracks.filter(({ index }) => index % step === 0)
}

describe('search', () => {
  it('has the original among the first ten hits for nearly every song', async () => {
    const tracks = sample(15)
    let found = 0
    for (const track of tracks) {
      const hits = await search(`${track.title} ${track.artistNames[0]}`)
      if (hits.some((hit) => isOriginal(hit, track))) found += 1
    }
    expect(found / tracks.length).toBeGreaterThan(0.9)
    expect(found / tracks.length).toBeLessThan(1)
  })

  it('puts something else first often enough that the first hit is no safe choice', async () => {
    const foreign = sample(9).filter(({ languages: [main] }) => main !== 'en' && main !== 'zxx')
    let misled = 0
    for (const track of foreign) {
      const [first] = await search(`${track.title} ${track.artistNames[0]}`)
      if (first && !isOriginal(first, track)) misled += 1
    }
    expect(misled / foreign.length).toBeGreaterThan(0.08)
    expect(misled / foreign.length).toBeLessThan(0.6)
  })

  it('shows translations and romanisations under the names Genius uses', async () => {
    const hits = await search('夜に駆ける YOASOBI')
    const artists = hits.map(({ result }) => result.primary_artist.name)
    expect(artists).toContain('YOASOBI')
    expect(artists).toContain('Genius Romanizations')
  })

  it('pages without repeats', async () => {
    const first = await search('amor', '&per_page=5')
    const second = await search('amor', '&per_page=5&page=2')
    const ids = [...first, ...second].map(({ result }) => result.id)
    expect(new Set(ids).size).toBe(10)
  })

  it('finds nothing for words that no song has', async () => {
    expect(await search('xqzzy wvvkk')).toEqual([])
    expect(await search('')).toEqual([])
  })

  it('gives every page an address of its own', async () => {
    const hits = (
      await Promise.all(['кино', '周杰倫', 'ビートルズ', 'love'].map((q) => search(q)))
    ).flat()
    const urls = new Set(hits.map(({ result }) => result.url))
    expect(urls.size).toBe(new Set(hits.map(({ result }) => result.id)).size)
  })
})

describe('songs', () => {
  it('tells language and state, and holds no words of the song', async () => {
    const [hit] = await search('Despacito Luis Fonsi')
    const answer = await genius(sandbox.url, `/songs/${hit?.result.id}?text_format=plain`)
    const { response } = (await answer.json()) as { response: { song: Record<string, unknown> } }
    expect(response.song).toMatchObject({
      language: 'es',
      lyrics_state: 'complete',
      instrumental: false,
    })
    expect(response.song).not.toHaveProperty('lyrics')
  })

  it('answers 404 for an unknown song', async () => {
    const answer = await genius(sandbox.url, '/songs/1')
    expect(answer.status).toBe(404)
    expect(await answer.json()).toEqual({ meta: { status: 404, message: '404 Not Found' } })
  })
})

describe('the token', () => {
  it('is asked for', async () => {
    const answer = await fetch(`${sandbox.url}/genius/search?q=x`)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ meta: { status: 401 } })
  })

  it('is refused when it is wrong', async () => {
    const answer = await genius(sandbox.url, '/search?q=x', 'wrong')
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: 'invalid_token' })
  })
})
