import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** The lines of a text file, without holding it in memory. @throws when it cannot be read. */
export function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })
}
