import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evaluateLanguage } from './language.ts'

const DATA =
  process.env['MUSIC_LANGUAGE_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data')
const SONGS = join(DATA, 'language/songs.dev.csv')
const CATALOGUE = resolve(import.meta.dirname, '../../../sandbox/catalogue')

describe('evaluateLanguage', () => {
  it('counts answers, right ones and abstentions', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'language-bench-'))
    const songs = [
      'source,title,artist,isrc,languages',
      'one,La camisa negra,Juanes,COSM10500010,es',
      'one,Ich will Spaß und kein Wetter,Jemand,DEA018200010,fr',
      'two,🔥,Nobody,,es|en',
    ]
    await writeFile(join(folder, 'songs.csv'), `${songs.join('\n')}\n`)
    const report = await evaluateLanguage(join(folder, 'songs.csv'))
    await rm(folder, { recursive: true })

    expect(report.overall).toMatchObject({ songs: 3, precision: 1 / 2 })
    expect(report.overall.coverage).toBeCloseTo(2 / 3)
    expect(report.overall.accuracy).toBeCloseTo(1 / 3)
    expect(report.bySource.map(([source, { songs: size }]) => [source, size])).toStrictEqual([
      ['one', 2],
      ['two', 1],
    ])
  })

  it('of the sandbox’s catalogue: nearly all named, Spanish, French and Japanese surely', async () => {
    const { overall, byLanguage } = await evaluateLanguage(CATALOGUE)
    expect(overall.coverage).toBeGreaterThan(0.95)
    expect(overall.precision).toBeGreaterThan(0.93)
    expect(overall.calibrationError).toBeLessThan(0.04)
    const precisionOf = (tag: string) => byLanguage.find((each) => each.tag === tag)?.precision
    expect(precisionOf('es')).toBe(1)
    expect(precisionOf('fr')).toBeGreaterThan(0.96)
    expect(precisionOf('ja')).toBe(1)
  })

  it('of labelled songs: 9 of 10 answers right at honest confidences', async ({ skip }) => {
    skip(!existsSync(SONGS), `the labelled songs are not at ${SONGS} (set MUSIC_LANGUAGE_DATA)`)
    const { heldOut, byLanguage } = await evaluateLanguage(SONGS)
    expect(heldOut.accuracy).toBeGreaterThan(0.78)
    expect(heldOut.coverage).toBeGreaterThan(0.77)
    expect(heldOut.precision).toBeGreaterThanOrEqual(0.9)
    expect(heldOut.calibrationError).toBeLessThan(0.03)
    for (const tag of ['es', 'fr', 'ja']) {
      const figures = byLanguage.find((each) => each.tag === tag)
      expect(figures?.precision, tag).toBeGreaterThan(0.96)
      expect(figures?.recall, tag).toBeGreaterThan(0.6)
    }
  })
})
