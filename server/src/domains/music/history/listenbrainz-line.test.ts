import { describe, expect, it } from 'vitest'
import { playOf } from './listenbrainz-line.ts'

const info = {
  isrc: 'ES-A01-26-00001',
  spotify_id: 'https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC',
  duration_ms: 213_000,
  artist_names: ['Rosalía', 'J Balvin'],
  recording_mbid: '8F3471B5-7E6A-48DA-86A9-C1C07A0F47AE',
}
const metadata = {
  artist_name: 'Rosalía feat. J Balvin',
  track_name: 'Con altura',
  release_name: 'Con altura',
  additional_info: info,
}
const listen = { user_name: 'ana', listened_at: 1_700_000_000, track_metadata: metadata }

describe('playOf', () => {
  it('reads who listened to what when, with every id', () => {
    expect(playOf(JSON.stringify(listen))).toEqual({
      listenerName: 'ana',
      listenedAt: new Date(1_700_000_000_000),
      track: {
        ids: [
          { namespace: 'isrc', value: 'ESA012600001' },
          { namespace: 'spotify', value: '4uLU6hMCjMI75M1A2tKUQC' },
          { namespace: 'mbid', value: '8f3471b5-7e6a-48da-86a9-c1c07a0f47ae' },
        ],
        title: 'Con altura',
        artists: [
          { ids: [], name: 'Rosalía' },
          { ids: [], name: 'J Balvin' },
        ],
        album: 'Con altura',
        releaseYear: null,
        durationMs: 213_000,
      },
    })
  })

  it('does without everything that is optional, and with what is odd there', () => {
    const bare = { artist_name: 'A', track_name: 'T' }
    for (const odd of [undefined, null, 7, { isrc: 5, spotify_id: 'x', artist_names: 'A' }]) {
      const line = { ...listen, track_metadata: { ...bare, additional_info: odd } }
      expect(playOf(JSON.stringify(line))).toMatchObject({
        track: { ids: [], artists: [{ name: 'A' }], album: null, durationMs: null },
      })
    }
  })

  it.each([
    ['no JSON', '{"user_name":', 'JSON'],
    ['null', 'null', 'must'],
    ['a list', '[]', 'must'],
    ['no name', JSON.stringify({ ...listen, user_name: '' }), '/user_name'],
    ['a time that is text', JSON.stringify({ ...listen, listened_at: '1' }), '/listened_at'],
    [
      'a time in milliseconds',
      JSON.stringify({ ...listen, listened_at: 1_700_000_000_000 }),
      '/listened_at',
    ],
    ['no metadata', JSON.stringify({ ...listen, track_metadata: null }), '/track_metadata'],
    [
      'a blank title',
      JSON.stringify({ ...listen, track_metadata: { ...metadata, track_name: ' \0 ' } }),
      'empty',
    ],
    ['no end', `{"x":"${'y'.repeat(100_001)}"}`, 'too long'],
  ])('says what is wrong with %s', (_, line, problem) => {
    expect(playOf(line)).toContain(problem)
  })
})
