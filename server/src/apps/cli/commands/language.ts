import { type Command, InvalidArgumentError } from 'commander'
import { detectLanguage } from '#compose'
import type { Output } from '../output.ts'
import { withSystem } from '../with-system.ts'

interface DetectOptions {
  artist?: string[]
  album?: string
  isrc?: string
}

const SWEEP_TIMEOUT_MS = 3_600_000

const percent = (ratio: number) => `${Math.round(ratio * 100)} %`

function isrc(text: string): string {
  const compact = text.replaceAll('-', '').toUpperCase()
  if (/^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(compact)) return compact
  throw new InvalidArgumentError('An ISRC looks like ESA012300001.')
}

export function languageCommands(program: Command, output: Output): void {
  const language = program.command('language').description('which language a song is sung in')

  language
    .command('detect')
    .description('name the language of a song from what is known about it')
    .argument('<title>')
    .option('--artist <name...>', 'who performs it; may be given several times')
    .option('--album <title>')
    .option('--isrc <code>', 'its International Standard Recording Code', isrc)
    .action(async (title: string, { artist = [], album, isrc: code }: DetectOptions) => {
      const found = await detectLanguage({
        title,
        artists: artist,
        album: album ?? null,
        isrc: code ?? null,
      })
      if (found.unknown) output.line('Unknown. The best guesses:')
      output.table(found.ranked.map(({ tag, confidence }) => [tag, percent(confidence)]))
      output.heading('Evidence')
      output.table(
        found.evidence.map(({ source, value, weight }) => [source, value, String(weight)]),
      )
      output.result(found)
    })

  language
    .command('sweep')
    .description('detect the language of every track that lacks one')
    .action(() =>
      withSystem(async ({ language: service }) => {
        const swept = await service.sweep(AbortSignal.timeout(SWEEP_TIMEOUT_MS), () => {})
        output.line(`Detected the language of ${swept.detected} tracks.`)
        output.result(swept)
      }),
    )
}
