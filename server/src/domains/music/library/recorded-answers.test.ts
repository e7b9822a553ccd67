import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sharedData } from '#test'
import { musicSystem } from '../../../../test/music/music-system.ts'

const recorded = sharedData('api/spotify/recorded')
const where = recorded.missing ?? recorded.path

describe.skipIf(recorded.missing !== undefined)(`a real account (${where})`, () => {
  it('is linked, listed and searched', async () => {
    const music = await musicSystem({ mode: 'recorded', recordedDir: recorded.path })
    try {
      const userId = randomUUID()
      const { linked } = await music.link(userId)
      const top = { limit: 50, timeRange: 'medium_term' } as const

      const tracks = await music.library.topTracks(userId, top)
      const artists = await music.library.topArtists(userId, top)
      const found = await music.library.search(userId, {
        text: 'Never Gonna Give You Up',
        limit: 10,
      })

      expect(linked.displayName).toBe('Joost Lekkerkerker')
      expect(tracks.items).toHaveLength(48)
      expect(tracks.items[1]).toMatchObject({
        title: 'Brand New Me',
        artists: [{ name: 'Saint Etienne' }, { name: 'Confidence Man' }],
        isrc: 'GBPVV2400755',
        releaseYear: 2025,
      })
      expect(artists.items).toHaveLength(48)
      expect(artists.items[0]).toMatchObject({
        name: 'Machinae Supremacy',
        genres: ['power metal'],
      })
      expect(found.items[0]?.artists[0]?.name).toBe('Rick Astley')
      expect((await music.seeds.topTrackSeeds(userId)).length).toBe(48)
    } finally {
      await music.close()
    }
  })
})
