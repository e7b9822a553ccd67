import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { createDetector, RECOMMENDABLE_CONFIDENCE } from './detector.ts'
import type { Detector, TrackMetadata } from './types.ts'

const DATA =
  process.env['MUSIC_LANGUAGE_DATA'] ??
  resolve(import.meta.dirname, '../../../../../../shared/data')
const NAUGHTY = join(DATA, 'bad-input/blns.json')

let detector: Detector
beforeAll(async () => {
  detector = await createDetector()
})

function detect(title: string, known: Partial<TrackMetadata> = {}) {
  return detector.detect({ title, artists: [], album: null, isrc: null, ...known })
}
const best = (title: string, known?: Partial<TrackMetadata>) => detect(title, known).ranked[0]

describe('detector', () => {
  it.each([
    ['en', 'Bridge Over Troubled Water', 'Simon & Garfunkel', 'USSM17000345'],
    ['es', 'La camisa negra', 'Juanes', 'USUM70500143'],
    ['es', 'Corazón partío', 'Alejandro Sanz', 'ES5029700117'],
    ['fr', 'Non, je ne regrette rien', 'Édith Piaf', 'FRZ046000010'],
    ['de', 'Irgendwie, irgendwo, irgendwann', 'Nena', 'DEB788400010'],
    ['it', 'Nel blu dipinto di blu', 'Domenico Modugno', 'ITB005800010'],
    ['pt', 'Águas de Março', 'Elis Regina', 'BRPGD7400010'],
    ['nl', 'Het is een nacht', 'Guus Meeuwis', 'NLA709500010'],
    ['pl', 'Dziwny jest ten świat', 'Czesław Niemen', 'PLA006700010'],
    ['fi', 'Ikuinen virta', 'Indica', 'FIBAR0400010'],
    ['tr', 'Gülpembe', 'Barış Manço', 'TRA018100010'],
    ['ru', 'Группа крови', 'Кино', 'RUA018800010'],
    ['uk', 'Ой у лузі червона калина', 'Бумбокс', 'UAA012200010'],
    ['el', 'Τα παιδιά του Πειραιά', 'Μελίνα Μερκούρη', 'GRA016000010'],
    ['he', 'ירושלים של זהב', 'נעמי שמר', 'ILA016700010'],
    ['ar', 'إنت عمري', 'أم كلثوم', 'EGA016400010'],
    ['th', 'คิดถึง', 'บอดี้สแลม', 'THA010500010'],
    ['ja', 'さくら', '森山直太朗', 'JPPO00300010'],
    ['ko', '봄날', '방탄소년단', 'KRA381700010'],
    ['zh', '月亮代表我的心', '鄧麗君', 'TWA017700010'],
    ['yue', '海闊天空', 'Beyond', 'HKA019300010'],
    ['hi', 'Tujhe Dekha To Yeh Jaana Sanam', 'Kumar Sanu', 'INA019500010'],
    ['zxx', 'Nocturne No. 2 in E-Flat Major, Op. 9 No. 2 (Instrumental)', 'Piano Trio', null],
  ])('hears %s in "%s" by %s', (tag, title, artist, isrc) => {
    const detection = detect(title, { artists: [artist], isrc })
    expect(detection).toMatchObject({ unknown: false, ranked: [{ tag }, {}, {}, {}, {}] })
    expect(detection.languages[0]).toStrictEqual(detection.ranked[0])
  })

  it.each([
    ['Spring Day', 'BTS (방탄소년단)', 'KRA381700010', 'ko'],
    ['First Love', '宇多田ヒカル', 'JPTO09900010', 'ja'],
    ['Life on Mars?', 'David Bowie', 'GBAYE7100010', 'en'],
  ])('does not take the English title "%s" by %s at its word', (title, artist, isrc, tag) => {
    expect(best(title, { artists: [artist], isrc })?.tag).toBe(tag)
  })

  it('is less sure of an English title from a Japanese label than from an American one', () => {
    const american = best('Summer Dreams', { isrc: 'USSM19900010' })
    const japanese = detect('Summer Dreams', { isrc: 'JPTO09900010' }).ranked
    const english = japanese.find(({ tag }) => tag === 'en')?.confidence ?? 0
    expect(american?.tag).toBe('en')
    expect(english).toBeLessThan(american?.confidence ?? 0)
  })

  it('trusts a label’s country more than a distributor’s that anyone may use', () => {
    const spaniards = (isrc: string) =>
      detect('Nana', { isrc }).ranked.find(({ tag }) => tag === 'en')?.confidence ?? 0
    expect(spaniards('USSM19900010')).toBeGreaterThan(spaniards('QZTO09900010'))
  })

  it.each([
    ['Despacito (Versión en Francés)', 'fr'],
    ['Waka Waka (Spanish Version)', 'es'],
    ['Boy With Luv (Japanese ver.)', 'ja'],
    ['99 Luftballons (English Version)', 'en'],
  ])('believes the note in "%s"', (title, tag) => {
    expect(best(title)?.tag).toBe(tag)
    const cue = detect(title).evidence.find(({ source }) => source === 'cue')
    expect(cue?.weight).toBeGreaterThan(3)
  })

  it('recognises an instrumental version of a song', () => {
    expect(best('Gangsta’s Paradise (Instrumental)', { isrc: 'USTB19500010' })?.tag).toBe('zxx')
  })

  it('takes a player’s track for an instrumental, whatever language its title is in', () => {
    const known = { artists: ['Andrés Segovia'], isrc: 'ESA016000010' }
    const { ranked, languages, evidence } = detect('Recuerdos de la Alhambra', known)
    expect(ranked[0]?.tag).toBe('zxx')
    expect(languages).toStrictEqual(ranked.slice(0, 1))
    expect(evidence).toMatchObject([{ source: 'artist', value: 'Andrés Segovia' }])
  })

  it('grants that any track may be an instrumental', () => {
    const { ranked } = detect('Quiero que me quieras', { isrc: 'ESA016000010' })
    expect(ranked[0]?.tag).toBe('es')
    expect(ranked.find(({ tag }) => tag === 'zxx')?.confidence).toBeCloseTo(0.02, 3)
  })

  it.each(['', '   ', '1999', '!!!', '🔥🔥🔥', '¿?', 'qwrtpzx kjvbnq'])(
    'answers unknown to "%s", of which nothing else is known',
    (title) => {
      expect(detect(title)).toMatchObject({ unknown: true, languages: [] })
    },
  )

  it('is not sure of "La La La"', () => {
    expect(best('La La La')?.confidence).toBeLessThan(RECOMMENDABLE_CONFIDENCE)
  })

  it('gives the evidence behind an answer, the weightiest first', () => {
    const { evidence } = detect('La camisa negra', { artists: ['Juanes'], isrc: 'COSM10500010' })
    const weights = evidence.map(({ weight }) => Math.abs(weight))
    expect(evidence.map(({ source }) => source)).toEqual(expect.arrayContaining(['title', 'isrc']))
    expect(weights).toStrictEqual(weights.toSorted((a, b) => b - a))
  })

  it('answers every naughty string with a probability', ({ skip }) => {
    skip(
      !existsSync(NAUGHTY),
      `the naughty strings are not at ${NAUGHTY} (set MUSIC_LANGUAGE_DATA)`,
    )
    const strings: string[] = JSON.parse(readFileSync(NAUGHTY, 'utf8'))
    expect(strings.length).toBeGreaterThan(100)
    for (const title of strings) {
      const { ranked, unknown } = detect(title, { album: title, artists: [title], isrc: title })
      expect(ranked.length === 0 ? unknown : (ranked[0]?.confidence ?? 2) <= 1, title).toBe(true)
    }
  })

  it('never throws, and its confidences are probabilities', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 700 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom('\0', '\ud800', 'DROP TABLE', '(((', ' - ', '💩'.repeat(300), '(Live'),
    )
    const metadata = fc.record({
      title: text,
      artists: fc.array(text, { maxLength: 4 }),
      album: fc.option(text),
      isrc: fc.option(fc.oneof(text, fc.constantFrom('ESA012300001', 'us-abc-99-00001'))),
      genres: fc.array(text, { maxLength: 4 }),
    })
    fc.assert(
      fc.property(metadata, (track) => {
        const { ranked, unknown, languages, evidence } = detector.detect(track)
        const confidences = ranked.map(({ confidence }) => confidence)
        expect(confidences.every((each) => each >= 0 && each <= 1)).toBe(true)
        expect(confidences.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(1 + 1e-9)
        expect(confidences).toStrictEqual(confidences.toSorted((a, b) => b - a))
        expect(languages.length > 0).toBe(!unknown)
        const values = evidence.map(({ value }) => value).join('')
        expect(values.isWellFormed() && !values.includes('\0')).toBe(true)
        expect(evidence.every(({ weight }) => Number.isFinite(weight))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
