import { describe, expect, it } from 'vitest'
import { songKey } from './same-song.ts'

const key = (title: string, artist = 'Beyoncé') =>
  songKey({ title, artists: [{ artistId: 'a', name: artist }] })

describe('songKey', () => {
  it.each([
    'Halo (Live)',
    'HALO - Remastered 2011',
    'Halo [feat. Somebody] (Radio Edit)',
    'Halo – Versión acústica',
    'Hálo',
  ])('is the same for the release %s', (title) => {
    expect(key(title, 'beyonce')).toBe(key('Halo'))
  })

  it.each([
    ['Halo (Part 2)', 'Halo'],
    ['Sonata - Allegro', 'Sonata - Adagio'],
    ['(Live)', '(Demo)'],
    ['(You Drive Me) Crazy', 'Crazy'],
    ['東京', '京都'],
  ])('tells %s from %s', (one, other) => {
    expect(key(one)).not.toBe(key(other))
  })

  it('tells songs of one name by different artists apart', () => {
    expect(key('Halo', 'Depeche Mode')).not.toBe(key('Halo'))
  })
})
