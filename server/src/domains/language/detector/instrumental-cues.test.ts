import { beforeAll, describe, expect, it } from 'vitest'
import { createInstrumentalCueFinder, instrumentalProbability } from './instrumental-cues.ts'

let find: ReturnType<typeof createInstrumentalCueFinder>
beforeAll(() => {
  find = createInstrumentalCueFinder()
})

const NOTHING = { title: '', performers: '', album: '', genres: [] }
function probability(known: Partial<Parameters<typeof find>[0]>): number {
  return instrumentalProbability(find({ ...NOTHING, ...known }))
}

describe('probability of an instrumental', () => {
  it.each([
    ['without any cue', { title: 'La camisa negra', performers: 'Juanes' }, 0.02],
    ['of a karaoke version', { title: 'La camisa negra (Karaoke)' }, 0.95],
    ['of a work with its key', { title: 'Étude in E major, Op. 10' }, 0.85],
    ['of an étude', { title: 'Étude' }, 0.8],
    ['of the second part of something', { title: 'Flight, Pt. II' }, 0.25],
    ['of a player', { title: 'Blue', performers: 'Miles Davis, John Coltrane' }, 0.75],
    ['of a player in other spelling', { performers: 'Olafur Arnalds' }, 0.75],
    ['of a player’s group', { performers: 'The Bill Evans Trio' }, 0.75],
    ['of a player with an orchestra', { performers: 'Lang Lang, Wiener Philharmoniker' }, 0.75],
    ['of a player with someone else', { performers: 'Herbie Hancock feat. Norah Jones' }, 0.02],
    ['of a genre', { genres: ['solo piano'] }, 0.8],
    ['of a genre beside singing', { genres: ['classical', 'opera'] }, 0.02],
  ])('%s', (_name, known, expected) => {
    expect(probability(known)).toBeCloseTo(expected, 6)
  })

  it('grows with cues of different kinds', () => {
    const album = 'Time (Original Motion Picture Soundtrack)'
    const both = probability({ album, genres: ['soundtrack'] })
    expect(both).toBeGreaterThan(probability({ album }) + 0.2)
  })

  it.each(['Waltzing Matilda', 'Themes', 'Optimist', 'Inst', 'Trioxin'])(
    'is not raised by a part of a word in "%s"',
    (title) => {
      expect(find({ ...NOTHING, title })).toStrictEqual([])
    },
  )
})
