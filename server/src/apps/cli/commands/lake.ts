import { type Command, InvalidArgumentError } from 'commander'
import { limitUpTo } from '../argument-values.ts'
import { counted, type Output, shorten } from '../output.ts'
import { withSystem } from '../with-system.ts'

interface QueryOptions {
  type?: string
  since?: string
  until?: string
  limit: number
}

const MAX_LIMIT = 100_000
const CELLS = 40

function date(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new InvalidArgumentError('It must be a date: YYYY-MM-DD.')
}

const cell = (value: unknown): string =>
  value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)

export function lakeCommands(program: Command, output: Output): void {
  const lake = program.command('lake').description('the lake: events as Parquet files')

  lake
    .command('query')
    .description('answer a SELECT over the view "events"')
    .argument('<sql>', 'such as "select type, count(*) from events group by type"')
    .option('--type <type>', 'only files of this type of event')
    .option('--since <date>', 'only files from this day on (UTC)', date)
    .option('--until <date>', 'only files up to this day (UTC)', date)
    .option('--limit <number>', 'how many rows', limitUpTo(MAX_LIMIT), 1000)
    .action((sql: string, { limit: maxRows, ...filter }: QueryOptions) =>
      withSystem(async ({ lake: reads }) => {
        const { columns, rows, isCut } = await reads.query(sql, { ...filter, maxRows })
        output.table([columns, ...rows.map((row) => row.map((one) => shorten(cell(one), CELLS)))])
        if (isCut) output.line(`There are more rows: see --limit.`)
        output.result({ columns, rows, isCut })
      }),
    )

  lake
    .command('verify')
    .description('read every file of the lake and compare it with its hash')
    .action(() =>
      withSystem(async ({ lake: reads }) => {
        const report = await reads.verify((files) => output.progress(`${files} files read`))
        output.line(
          `${counted(report.files, 'file')}, ${counted(report.rows, 'event')}, ${report.bytes} bytes.`,
        )
        output.table(report.bad.map(({ path, error }) => [path, error]))
        output.result(report)
        if (report.bad.length > 0)
          throw new Error(`Damaged: ${counted(report.bad.length, 'file')}.`)
      }),
    )
}
