import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { CONSTANTS_IN_USE, fitDetector } from '#domains/language'
import { readLabelledSongs } from './labelled-songs.ts'
import { isHeldOut } from './language.ts'

const DATA =
  process.env['MUSIC_LANGUAGE_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data')
const SONGS = join(DATA, 'language/songs.dev.csv')
/** Half a minute where nothing else runs. */
const TIMEOUT_MS = 240_000

it(
  'fitted anew, the detector’s constants come out as they are written down',
  async ({ skip }) => {
    skip(!existsSync(SONGS), `the labelled songs are not at ${SONGS} (set MUSIC_LANGUAGE_DATA)`)
    const songs = (await readLabelledSongs(SONGS)).filter((song) => !isHeldOut(song))
    const losses: number[] = []
    const fitted = await fitDetector(songs, (loss) => losses.push(loss))
    expect(fitted).toStrictEqual(CONSTANTS_IN_USE)
    expect(losses).toStrictEqual(losses.toSorted((a, b) => b - a))
  },
  TIMEOUT_MS,
)
