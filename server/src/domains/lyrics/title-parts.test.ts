import { describe, expect, it } from 'vitest'
import { titleParts } from './title-parts.ts'

const titleOf = (title: string) => titleParts(title).readings[0]?.text.native

describe('titleParts', () => {
  it.each([
    ['Despacito (feat. Daddy Yankee)', 'despacito'],
    ['Stan ft. Dido', 'stan'],
    ['Corazón partío (con Ana)', 'corazon partio'],
    ['Yesterday - Remastered 2009', 'yesterday'],
    ['Yesterday (2009 Remaster)', 'yesterday'],
    ['Layla (Live at the BBC) [2013 Remaster]', 'layla'],
    ['Tempo Perdido - Ao Vivo', 'tempo perdido'],
    ['Sandstorm - Radio Edit', 'sandstorm'],
    ['Levitating (Deluxe)', 'levitating'],
    ['Let It Go - From "Frozen"', 'let it go'],
    ['Perfect (Acoustic)', 'perfect'],
    ['前前前世 (movie ver.)', '前前前世'],
    ['Hello (Official Music Video)', 'hello'],
  ])('leaves out what only describes the recording: %s', (title, expected) => {
    expect(titleOf(title)).toBe(expected)
    expect([...titleParts(title).marks]).toEqual([])
  })

  it.each([
    ['Con te partirò', 'con te partiro'],
    ['With or Without You', 'with or without you'],
    ['Live and Let Die', 'live and let die'],
    ['Live', 'live'],
    ['Where I Live', 'where i live'],
    ['Radio Ga Ga', 'radio ga ga'],
    ['(I Can’t Get No) Satisfaction', 'i cant get no satisfaction'],
    ['Part-Time Lover', 'part time lover'],
    ['Part II', 'part ii'],
  ])('keeps what is the title itself: %s', (title, expected) => {
    expect(titleOf(title)).toBe(expected)
  })

  it.each([
    ['Chiquitita - Spanish Version', 'language:es'],
    ['Bailando (English Version)', 'language:en'],
    ['Mi reflejo (Versión en Español)', 'language:es'],
    ['TT -Japanese ver.-', 'language:ja'],
    ['Despacito (Remix)', 'remix'],
    ['Hello (Instrumental)', 'instrumental'],
    ['Hello (Karaoke Version)', 'instrumental'],
    ['Hallelujah (Jeff Buckley Cover)', 'cover'],
    ['봄날 (Spring Day) (Romanized)', 'romanisation'],
    ['Hello (Traducción al Español)', 'translation'],
    ['Another Brick in the Wall, Pt. 2', 'part:2'],
    ['Another Brick in the Wall (Part II) - Remastered', 'part:2'],
    ['Un Verano Sin Ti [Tracklist + Cover Art]', 'document'],
    ['All Too Well (10 Minute Version)', 'long'],
  ])('marks what changes the words: %s', (title, mark) => {
    expect([...titleParts(title).marks]).toEqual([mark])
  })

  it('reads a bilingual title in each of its scripts', () => {
    const readings = titleParts('봄날 (Spring Day)').readings.map(({ text }) => text.native)
    expect(readings).toContain('봄날')
    expect(readings).toContain('spring day')
  })

  it('takes a text of any shape apart without growing slow', () => {
    const title = `${'('.repeat(60)}${' - '.repeat(40)}${'feat '.repeat(4)}`.slice(0, 200)
    const started = performance.now()
    titleParts(title)
    expect(performance.now() - started).toBeLessThan(200)
  })
})
