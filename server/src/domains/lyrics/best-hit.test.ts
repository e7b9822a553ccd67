import { describe, expect, it } from 'vitest'
import { bestHit, MIN_SCORE, rankCandidates, searchableTitle } from './best-hit.ts'
import { candidateOf, type LabelledCase, labelledCases } from './labelled-case.ts'
import { titleParts } from './title-parts.ts'

const TUNED_ON = labelledCases('tuned-on')
const HELD_OUT = labelledCases('held-out')
const ALL = [...TUNED_ON, ...HELD_OUT]

function accuracyOn(cases: readonly LabelledCase[]) {
  const wrong = cases.filter((one) => bestHit(one, one.pages)?.candidate.providerId !== one.right)
  const accuracy = 1 - wrong.length / cases.length
  const summary = `${(100 * accuracy).toFixed(1)} % of ${cases.length}`
  return { accuracy, report: [summary, ...wrong.map(({ why }) => `wrong: ${why}`)].join('\n') }
}

describe('bestHit', () => {
  it.each([
    { name: 'songs that its weights were set on', cases: TUNED_ON, atLeast: 75 },
    { name: 'songs written after its weights were set', cases: HELD_OUT, atLeast: 40 },
  ])('is right on at least 95 percent of the $name', ({ cases, atLeast }) => {
    const { accuracy, report } = accuracyOn(cases)
    expect(cases.length).toBeGreaterThanOrEqual(atLeast)
    expect(accuracy, report).toBeGreaterThanOrEqual(0.95)
  })

  it('finds the right page wherever the provider lists it', () => {
    const { accuracy, report } = accuracyOn(
      ALL.map((one) => ({ ...one, pages: one.pages.toReversed() })),
    )
    expect(accuracy, report).toBeGreaterThanOrEqual(0.95)
  })

  it('takes no other song when the right one is not there', () => {
    const titleOf = ({ title }: LabelledCase['pages'][number]) =>
      titleParts(title).readings[0]?.text.native
    const withoutRight = ALL.flatMap((one) => {
      const right = one.pages.find(({ providerId }) => providerId === one.right)
      // What is left under the same title is another recording of it, and a fair answer.
      const others = one.pages.filter((page) => right && titleOf(page) !== titleOf(right))
      const isTranslation = others.some(({ primaryArtist }) => primaryArtist.includes('Genius'))
      return isTranslation || others.length === 0
        ? []
        : [{ ...one, pages: others, right: undefined }]
    })
    const { accuracy, report } = accuracyOn(withoutRight)
    expect(withoutRight.length).toBeGreaterThanOrEqual(35)
    expect(accuracy, report).toBeGreaterThanOrEqual(0.95)
  })

  it('scores an exact match 1 and says how well each part fits', () => {
    const [best] = rankCandidates({ artist: 'Mecano', title: 'Hijo de la luna' }, [
      candidateOf('- Mecano | Hijo de la Luna', 0),
    ])
    expect(best).toMatchObject({ score: 1, titleScore: 1, artistScore: 1, page: 'original' })
  })

  it('ranks a transliterated page below the original and above the threshold', () => {
    const [first, second] = rankCandidates({ artist: 'BTS', title: 'Spring Day' }, [
      candidateOf('- Genius Romanizations | BTS - 봄날 (Spring Day) (Romanized)', 0),
      candidateOf('- BTS | 봄날 (Spring Day)', 1),
    ])
    expect(first).toMatchObject({ page: 'original' })
    expect(second).toMatchObject({ page: 'romanisation' })
    expect(second?.score).toBeGreaterThan(MIN_SCORE)
  })
})

describe('searchableTitle', () => {
  it.each([
    ['Adele', 'Adele - Hello (Official Video)', 'Hello'],
    ['Queen', 'Radio Ga Ga - Remastered 2011', 'Radio Ga Ga'],
    ['Eminem', 'Stan feat. Dido', 'Stan'],
    ['Live', 'Live', 'Live'],
    ['Nobody', '(feat. Somebody)', '(feat. Somebody)'],
    ['XXXTENTACION', '???', '???'],
    ['Gasolin', 'Rabalderstræde (Live)', 'Rabalderstræde'],
  ])('reads %s: %s as %s', (artist, title, searchable) => {
    expect(searchableTitle({ artist, title })).toBe(searchable)
  })
})
