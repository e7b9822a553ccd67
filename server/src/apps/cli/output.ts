import { styleText } from 'node:util'
import stringWidth from 'string-width'
import { AppError, errorCode } from '#platform/errors'

export interface Output {
  /** Prints a line for people; nothing with `--json`. */
  line(text?: string): void
  heading(text: string): void
  /** Prints rows in columns that line up whatever their script; nothing with `--json`. */
  table(rows: readonly (readonly string[])[]): void
  /** Shows how far the work is, on a terminal only; the next line takes its place. */
  progress(text: string): void
  /** The command's result: the one thing that `--json` prints. */
  result(value: unknown): void
}

const COLUMN_GAP = '  '

export function createOutput(stream: NodeJS.WriteStream, json: () => boolean): Output {
  const write = (text: string) => {
    if (!json()) stream.write(`${text}\n`)
  }
  return {
    line: (text = '') => write(text),
    heading: (text) => write(`\n${styleText('bold', text, { stream })}`),
    table(rows) {
      const widths = columnWidths(rows)
      for (const row of rows)
        write(`  ${row.map((cell, i) => pad(cell, widths[i] ?? 0)).join(COLUMN_GAP)}`.trimEnd())
    },
    progress(text) {
      if (stream.isTTY && !json()) stream.write(`\r\u001b[K${text}\r`)
    },
    result(value) {
      if (json()) stream.write(`${JSON.stringify(value, null, 2)}\n`)
    },
  }
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  return Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))),
  )
}

const pad = (text: string, width: number) =>
  text + ' '.repeat(Math.max(0, width - stringWidth(text)))

/** `1 event`, `2 events`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`

const GRAPHEMES = new Intl.Segmenter()

/** Cuts a text to a number of terminal cells, with an ellipsis. */
export function shorten(text: string, cells: number): string {
  if (stringWidth(text) <= cells) return text
  let cut = ''
  for (const { segment } of GRAPHEMES.segment(text)) {
    if (stringWidth(cut + segment) > cells - 1) break
    cut += segment
  }
  return `${cut}…`
}

/** What a person is told of an error: ours in full, others by their message. */
export function describeError(error: unknown): string {
  if (error instanceof AppError) {
    return [error.title, error.detail].filter((text) => text !== undefined).join(': ')
  }
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  // An AggregateError (no address of a host answers) has no text of its own.
  const why = cause instanceof Error ? cause.message || errorCode(cause) : undefined
  return why === undefined ? error.message : `${error.message}: ${why}`
}
