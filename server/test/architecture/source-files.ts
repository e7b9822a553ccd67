import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

export interface SourceFile {
  /** From the repository's root, with `/`: `server/src/main.ts`. */
  path: string
  text: string
}

export const REPOSITORY = resolve(import.meta.dirname, '../../..')

/** Every TypeScript file below the folders, which are named from the repository's root. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(REPOSITORY, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes('node_modules'))
      .map((path) => ({
        path: relative(REPOSITORY, path).replaceAll('\\', '/'),
        text: readFileSync(path, 'utf8'),
      })),
  )
}

/** Tests, and what only they build on. */
export const isTest = ({ path }: SourceFile): boolean =>
  /(?:\.test|-under-test|-world)\.ts$/.test(path) ||
  path.startsWith('server/test/') ||
  path.startsWith('sandbox/test/')
