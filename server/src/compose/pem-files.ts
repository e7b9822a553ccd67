import { readFile } from 'node:fs/promises'
import { ConfigError } from '#platform/config'
import { errorCode } from '#platform/errors'

/**
 * Reads files of PEM text by the names of the variables that say where they are.
 * @throws ConfigError naming every one that cannot be read.
 */
export async function readPemFiles<Name extends string>(
  files: Readonly<Record<Name, string | undefined>>,
): Promise<Partial<Record<Name, string>>> {
  const read: Partial<Record<Name, string>> = {}
  const faults: { name: string; problem: string }[] = []
  for (const name of Object.keys(files) as Name[]) {
    const file = files[name]
    if (file === undefined) continue
    try {
      read[name] = await readFile(file, 'utf8')
    } catch (error) {
      faults.push({ name, problem: `cannot be read: ${errorCode(error) ?? String(error)}` })
    }
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return read
}
