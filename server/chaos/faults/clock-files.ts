import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Clocks that can be set while the processes that read them run. */
export interface ClockFiles {
  /** What makes a process read its clock from us. */
  env(name: string): Promise<Record<string, string>>
  /** Moves a process's clock this far from the true time. */
  set(name: string, seconds: number): Promise<void>
  close(): Promise<void>
}

const LIBRARIES = '/usr/lib'

function faketimeLibrary(): string | undefined {
  return readdirSync(LIBRARIES)
    .map((folder) => join(LIBRARIES, folder, 'faketime/libfaketimeMT.so.1'))
    .find((path) => existsSync(path))
}

/** By libfaketime; undefined where it is not installed. */
export async function clockFiles(): Promise<ClockFiles | undefined> {
  const library = faketimeLibrary()
  if (library === undefined) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'clocks-'))
  const fileOf = (name: string) => join(folder, name)
  const set = (name: string, seconds: number) =>
    writeFile(fileOf(name), `${seconds < 0 ? '' : '+'}${seconds}\n`)
  return {
    set,
    async env(name) {
      await set(name, 0)
      return {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: fileOf(name),
        // Read anew each second; what measures durations goes on as ever.
        FAKETIME_CACHE_DURATION: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      }
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
