import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../src/index.ts'
import { api, control, signIn } from './client.ts'

interface Paging<T> {
  href: string
  items: T[]
  limit: number
  next: string | null
  offset: number
  previous: string | null
  total: number
}
interface Named {
  id: string
  name: string
}
interface TrackItem extends Named {
  artists: Named[]
  external_ids: { isrc: string }
}

let sandbox: Sandbox
let token: string

beforeAll(async () => {
  sandbox = await startSandbox()
  token = (await signIn(sandbox.url, 'mateo')).access_token
})
afterAll(() => sandbox.close())

async function get<T>(path: string): Promise<T> {
  const answer = await api(sandbox.url, path, token)
  expect(answer.status).toBe(200)
  return (await answer.json()) as T
}

async function fault(path: string, bearer: string | undefined = token) {
  const answer = await api(sandbox.url, path, bearer)
  return answer.json()
}

const error = (status: number, message: string) => ({ error: { status, message } })

describe('tokens and scopes', () => {
  it('asks for a token', async () => {
    const answer = await api(sandbox.url, '/me')
    expect(await answer.json()).toEqual(error(401, 'No token provided'))
  })

  it('refuses a token it never gave', async () => {
    expect(await fault('/me', 'nonsense')).toEqual(error(401, 'Invalid access token'))
  })

  it('refuses another kind of authorization', async () => {
    const headers = { authorization: 'Basic abc' }
    const answer = await fetch(`${sandbox.url}/spotify/api/v1/me`, { headers })
    expect(await answer.json()).toEqual(error(400, 'Only valid bearer authentication supported'))
  })

  it('refuses an expired token', async () => {
    const { access_token } = await signIn(sandbox.url, 'lena')
    await control(sandbox.url, '/expire-access-tokens', {})
    expect(await fault('/me', access_token)).toEqual(error(401, 'The access token expired'))
    token = (await signIn(sandbox.url, 'mateo')).access_token
  })

  it.each(['/me/top/tracks', '/me/top/artists', '/me/player/recently-played', '/me/tracks'])(
    'refuses %s without its scope',
    async (path) => {
      const { access_token } = await signIn(sandbox.url, 'mateo', 'user-read-email')
      expect(await fault(path, access_token)).toEqual(error(403, 'Insufficient client scope'))
    },
  )

  it('shows country and e-mail only with their scopes', async () => {
    const bare = await signIn(sandbox.url, 'mateo', '')
    const body = await (await api(sandbox.url, '/me', bare.access_token)).json()
    expect(body).not.toHaveProperty('country')
    expect(body).not.toHaveProperty('email')
    expect(await get('/me')).toMatchObject({ country: 'MX', email: 'mateo@listeners.example' })
  })
})

describe('lists', () => {
  it('walks all top tracks by the next links, without repeats', async () => {
    const seen: string[] = []
    let url: string | null =
      `${sandbox.url}/spotify/api/v1/me/top/tracks?limit=20&time_range=long_term`
    let total = 0
    while (url !== null) {
      const answer: Response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
      const page = (await answer.json()) as Paging<Named>
      seen.push(...page.items.map(({ id }) => id))
      url = page.next
      total = page.total
    }
    expect(new Set(seen).size).toBe(total)
    expect(total).toBeGreaterThan(40)
  })

  it('gives every range its own order', async () => {
    const orders = await Promise.all(
      ['short_term', 'medium_term', 'long_term'].map(async (range) => {
        const page = await get<Paging<Named>>(`/me/top/tracks?time_range=${range}&limit=50`)
        return page.items.map(({ id }) => id).join()
      }),
    )
    expect(new Set(orders).size).toBe(3)
  })

  it('knows the last fifty plays and pages through them in both directions', async () => {
    interface Recent extends Paging<{ played_at: string; track: Named }> {
      cursors: { after: string; before: string } | null
    }
    const path = '/me/player/recently-played'
    const first = await get<Recent>(`${path}?limit=30`)
    const second = await get<Recent>(`${path}?limit=30&before=${first.cursors?.before}`)
    const times = [...first.items, ...second.items].map((item) => Date.parse(item.played_at))
    expect(times).toHaveLength(50)
    expect(times).toEqual([...times].sort((a, b) => b - a))
    expect(second.next).toBeNull()

    const after = await get<Recent>(`${path}?limit=10&after=${second.cursors?.before}`)
    expect(after.items.map((i) => i.played_at)).toEqual(
      second.items.slice(9, 19).map((i) => i.played_at),
    )
    const none = await get<Recent>(`${path}?after=${first.cursors?.after}`)
    expect(none).toMatchObject({ items: [], next: null, cursors: null })
  })

  it('has plays that end within a day before now', async () => {
    const { items } = await get<Paging<{ played_at: string }>>('/me/player/recently-played?limit=1')
    const ageHours = (Date.now() - Date.parse(items[0]?.played_at ?? '')) / 3_600_000
    expect(ageHours).toBeGreaterThanOrEqual(0)
    expect(ageHours).toBeLessThan(48)
  })

  it.each([
    ['/me/top/tracks?limit=0', 'Invalid limit'],
    ['/me/top/tracks?limit=51', 'Invalid limit'],
    ['/me/tracks?limit=ten', 'Invalid limit'],
    ['/me/tracks?offset=-1', 'Invalid offset'],
    ['/me/top/artists?time_range=ever', 'Invalid time range'],
    [
      '/me/player/recently-played?before=1&after=1',
      'Only one of before and after may be specified',
    ],
    ['/search?type=track', 'No search query'],
    ['/search?q=x', 'Missing parameter type'],
    ['/search?q=x&type=song', 'Bad search type field song'],
    ['/search?q=x&type=track&limit=11', 'Invalid limit'],
    ['/tracks/short', 'Invalid base62 id'],
  ])('refuses %s', async (path, message) => {
    expect(await fault(path)).toEqual(error(400, message))
  })
})

describe('single items', () => {
  it('gives a track and its artist by the ids and links of a list', async () => {
    const { items } = await get<Paging<TrackItem & { href: string }>>('/me/top/tracks?limit=1')
    const [item] = items
    const track = await get<TrackItem>(`/tracks/${item?.id}`)
    expect(track).toEqual(item)
    expect(item?.href).toBe(`${sandbox.url}/spotify/api/v1/tracks/${item?.id}`)
    const artist = await get<Named>(`/artists/${item?.artists[0]?.id}`)
    expect(artist.name).toBe(item?.artists[0]?.name)
  })

  it('answers 404 for what does not exist', async () => {
    const nobody = '0'.repeat(22)
    expect(await fault(`/tracks/${nobody}`)).toEqual(error(404, 'Resource not found'))
    expect(await fault(`/artists/${nobody}`)).toEqual(error(404, 'Resource not found'))
    expect(await fault('/nothing/here')).toEqual(error(404, 'Service not found'))
  })

  it.each([
    ['/recommendations?seed_tracks=x', 404],
    ['/artists/0TnOYISbd1XYRBk9myaseg/related-artists', 404],
    ['/artists/0TnOYISbd1XYRBk9myaseg/top-tracks', 403],
    ['/audio-features?ids=x', 403],
    ['/tracks?ids=x', 403],
    ['/artists?ids=x', 403],
  ])('keeps %s closed', async (path, status) => {
    expect((await api(sandbox.url, path, token)).status).toBe(status)
  })
})

describe('search', () => {
  const tracks = async (query: string, more = '') => {
    const path = `/search?q=${encodeURIComponent(query)}&type=track${more}`
    return (await get<{ tracks: Paging<TrackItem> }>(path)).tracks
  }

  it('finds every song of a sample by its field filters, first or among its namesakes', async () => {
    for (const track of sandbox.catalogue.tracks.filter(({ index }) => index % 40 === 0)) {
      const { items } = await tracks(`track:"${track.title}" artist:"${track.artistNames[0]}"`)
      expect(items.map(({ id }) => id)).toContain(track.id)
    }
  })

  it('finds exactly one song by ISRC', async () => {
    const track = sandbox.catalogue.tracks[7]
    const { items } = await tracks(`isrc:${track?.isrc}`)
    expect(items.map(({ id }) => id)).toEqual([track?.id])
  })

  it('forgives missing accents and a wrong letter', async () => {
    for (const query of ['edith piaf je ne regrette rien', 'edith piaf je ne regrete rien']) {
      expect((await tracks(query)).items[0]?.name).toBe('Non, je ne regrette rien')
    }
  })

  it('gives five results unless asked for up to ten', async () => {
    const five = await tracks('amor')
    expect(five).toMatchObject({ limit: 5, items: { length: 5 } })
    const next = await tracks('amor', '&limit=10&offset=5')
    expect(next.items[0]?.id).not.toBe(five.items[0]?.id)
  })

  it('finds artists beside tracks', async () => {
    const { artists } = await get<{ artists: Paging<Named> }>('/search?q=yoasobi&type=track,artist')
    expect(artists.items[0]?.name).toBe('YOASOBI')
  })
})
