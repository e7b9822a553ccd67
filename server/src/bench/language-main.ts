/**
 * Judges the language detector, or fits its constants anew:
 *   node server/src/bench/language-main.ts SONGS [--without isrc,genres] [--fit]
 * SONGS is a CSV file, or a folder of them, as `labelled-songs.ts` describes.
 */
import { parseArgs } from 'node:util'
import { fitDetector } from '#domains/language'
import { readLabelledSongs } from './labelled-songs.ts'
import { type EvaluationOptions, evaluateLanguage, isHeldOut } from './language.ts'
import { reportText } from './language-text.ts'

const SIGNALS = ['artists', 'album', 'isrc', 'genres'] as const

const print = (text: string) => process.stdout.write(`${text}\n`)

function signalsIn(list: string | undefined): NonNullable<EvaluationOptions['without']> {
  const names = list?.split(',') ?? []
  return SIGNALS.filter((signal) => names.includes(signal))
}

async function printFit(path: string): Promise<void> {
  const songs = (await readLabelledSongs(path)).filter((song) => !isHeldOut(song))
  const fitted = await fitDetector(songs, (logLoss) => print(`log-loss ${logLoss.toFixed(4)}`))
  print(JSON.stringify(fitted, null, 2))
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { fit: { type: 'boolean', default: false }, without: { type: 'string' } },
})
const [path] = positionals
if (path === undefined) {
  process.stderr.write('Which songs? Give a CSV file with the columns title and languages.\n')
  process.exitCode = 2
} else if (values.fit) {
  await printFit(path)
} else {
  print(reportText(await evaluateLanguage(path, { without: signalsIn(values.without) })))
}
