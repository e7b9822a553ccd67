/**
 * Judges the language detector, or fits its constants anew:
 *   node server/src/bench/language-main.ts SONGS [--without isrc,genres] [--wrong es,fr] [--fit]
 * SONGS is a CSV file, or a folder of them, as `labelled-songs.ts` describes. `--wrong` lists the
 * wrong answers in these languages that are sure enough to recommend by. `--fit` takes the half of
 * the artists that `isHeldOut` leaves, prints the constants that come out, and exits with 1 when
 * they are not those in use.
 */
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { CONSTANTS_IN_USE, fitDetector } from '#domains/language'
import { readLabelledSongs } from './labelled-songs.ts'
import { type EvaluationOptions, evaluateLanguage, isHeldOut } from './language.ts'
import { reportText, wrongText } from './language-text.ts'

const SIGNALS = ['artists', 'album', 'isrc', 'genres'] as const

const print = (text: string) => process.stdout.write(`${text}\n`)

function signalsIn(list: string): NonNullable<EvaluationOptions['without']> {
  const names = list.split(',')
  return SIGNALS.filter((signal) => names.includes(signal))
}

async function printFit(path: string): Promise<void> {
  const songs = (await readLabelledSongs(path)).filter((song) => !isHeldOut(song))
  const fitted = await fitDetector(songs, (loss) => print(`loss ${loss.toFixed(4)}`))
  print(JSON.stringify(fitted, null, 2))
  const isInUse = isDeepStrictEqual(fitted, CONSTANTS_IN_USE)
  print(isInUse ? 'the constants in use' : 'not the constants in use')
  if (!isInUse) process.exitCode = 1
}

async function printReport(path: string, without = '', wrong = ''): Promise<void> {
  const report = await evaluateLanguage(path, { without: signalsIn(without) })
  print(reportText(report))
  if (wrong !== '') print(wrongText(report, wrong.split(',')))
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    fit: { type: 'boolean', default: false },
    without: { type: 'string' },
    wrong: { type: 'string' },
  },
})
const [path] = positionals
if (path === undefined) {
  process.stderr.write('Which songs? Give a CSV file with the columns title and languages.\n')
  process.exitCode = 2
} else if (values.fit) {
  await printFit(path)
} else {
  await printReport(path, values.without, values.wrong)
}
