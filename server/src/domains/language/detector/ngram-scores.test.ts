import { eld } from 'eld/extrasmall'
import { describe, expect, it } from 'vitest'
import { LANGUAGES } from './languages.ts'
import { loadNgramScorer } from './ngram-scores.ts'
import { parseNgramTable } from './ngram-table.ts'

/** eld shows a score s as s / (s + 25). */
const unscaled = (shown: number) => (25 * shown) / (1 - shown)

describe('n-gram scores', () => {
  it('are those of eld’s own detector', async () => {
    const score = await loadNgramScorer('extrasmall')
    const texts = [
      'La camisa negra',
      "L'amour toujours, rock 'n' roll",
      'Donaudampfschifffahrtsgesellschaft',
      'Ой у лузі червона калина',
      'さくら 森山直太朗',
      'तुझे देखा तो ये जाना सनम',
      'إنت عمري',
      '여수 밤바다 (Yeosu Night Sea)',
      'Gülpembe – Barış Manço',
      '𝓐 b 12 -- ’',
    ]
    for (const text of texts) {
      const shown = eld.detect(text).getScores()
      const { meanScores } = score(text)
      LANGUAGES.forEach(({ tag, eld: code }, position) => {
        const expected = unscaled(shown[code ?? ''] ?? 0)
        expect(meanScores[position], `${tag} of "${text}"`).toBeCloseTo(expected, 6)
      })
    }
  })

  it('of a text without letters are none', async () => {
    const score = await loadNgramScorer('extrasmall')
    const { ngrams, meanScores } = score('1999 – !!! 🔥')
    expect(ngrams).toBe(0)
    expect(Math.max(...meanScores)).toBe(0)
  })
})

describe('parseNgramTable', () => {
  it('reads scores by language, quoted keys and bare ones', () => {
    const file = String.raw`export const ngramsData = {type:'T',languages:{0:'de',1:'es'},isSubset:false,ngrams:{5656:{1:0},' it\'s':{0:7,1:200}}};`
    const table = parseNgramTable(`${file}\n`)
    expect(table.languages).toStrictEqual(['de', 'es'])
    const sums = new Float64Array(2)
    table.addScores(" it's", sums)
    expect([...sums]).toStrictEqual([60, 253])
    table.addScores('5656', sums)
    expect([...sums]).toStrictEqual([60, 306])
    table.addScores('none', sums)
    expect([...sums]).toStrictEqual([60, 306])
  })

  it.each([
    '',
    'export const other = {}',
    "languages:{0:'de'},ngrams:{'a':{0:1},oops}};",
    "languages:{0:'de'},ngrams:{'a':{0:1}",
  ])('refuses "%s"', (text) => {
    expect(() => parseNgramTable(text)).toThrow('not in the form expected')
  })
})
