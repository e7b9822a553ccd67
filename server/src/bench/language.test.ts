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

  it.each([{ without: [] }, { without: ['genres'] }] as const)(
    'recommends no wrong song of the sandbox’s catalogue %o',
    async ({ without }) => {
      const { overall, byLanguage, wrong } = await evaluateLanguage(CATALOGUE, { without })
      expect(overall.coverage).toBeGreaterThan(0.97)
      expect(overall.precision).toBeGreaterThan(0.92)
      expect(overall.calibrationError).toBeLessThan(0.035)
      const tags = ['es', 'fr', 'ja', 'de', 'it', 'pt']
      const titles = wrong
        .filter(({ detection }) => tags.includes(detection.ranked[0]?.tag ?? ''))
        .map(({ song }) => song.title)
      expect(titles).toStrictEqual([])
      for (const tag of tags) {
        const figures = byLanguage.find((each) => each.tag === tag)
        expect(figures?.answers, tag).toBeGreaterThanOrEqual(40)
      }
    },
  )

  it('of labelled songs: 9 of 10 answers right at honest confidences', async ({ skip }) => {
    skip(!existsSync(SONGS), `the labelled songs are not at ${SONGS} (set MUSIC_LANGUAGE_DATA)`)
    const { heldOut, byLanguage } = await evaluateLanguage(SONGS)
    expect(heldOut.accuracy).toBeGreaterThan(0.84)
    expect(heldOut.coverage).toBeGreaterThan(0.88)
    expect(heldOut.precision).toBeGreaterThanOrEqual(0.9)
    expect(heldOut.calibrationError).toBeLessThan(0.025)
    for (const tag of ['es', 'fr', 'ja']) {
      const figures = byLanguage.find((each) => each.tag === tag)
      expect(figures?.precision, tag).toBeGreaterThan(0.955)
      expect(figures?.recall, tag).toBeGreaterThan(0.6)
    }
  })
})
