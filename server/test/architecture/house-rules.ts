import { isTest, type SourceFile } from './source-files.ts'

/** Each rule takes files and gives what is against it: one sentence each, beginning with the path. */

const MAX_LINES = 300
const MAX_MEDIAN_LINES = 80

const lineCount = ({ text }: SourceFile): number => text.split('\n').length - 1

const naming = (files: readonly SourceFile[], pattern: RegExp, sin: string): string[] =>
  files.filter(({ text }) => pattern.test(text)).map(({ path }) => `${path} ${sin}`)

export function longFiles(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => lineCount(file) > MAX_LINES)
    .map((file) => `${file.path} has ${lineCount(file)} lines`)
}

/** Short files are the habit, not only the limit: of all that are no tests, half are short. */
export function longHabit(files: readonly SourceFile[]): string[] {
  const sizes = files.filter((file) => !isTest(file)).map(lineCount)
  const median = sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0
  return median > MAX_MEDIAN_LINES ? [`half of the files have ${median} lines or more`] : []
}

const MAY_READ_ENVIRONMENT =
  /^(?:server\/src\/platform\/config\/|sandbox\/src\/(?:config|main)\.ts$)/
const ENVIRONMENT = new RegExp(
  [
    /\bprocess\s*\??\.\s*env\b/,
    /\bprocess\s*(?:\?\.)?\[\s*['"`]env\b/,
    /\{[^{}]*\benv\b[^{}]*\}\s*=\s*(?:globalThis\.)?process\b/,
    /import\s*\{[^{}]*\benv\b[^{}]*\}\s*from\s*['"](?:node:)?process['"]/,
  ]
    .map(({ source }) => source)
    .join('|'),
)

export function environmentReaders(files: readonly SourceFile[]): string[] {
  const others = files.filter((file) => !isTest(file) && !MAY_READ_ENVIRONMENT.test(file.path))
  return naming(others, ENVIRONMENT, 'reads the environment')
}

const TALKS_TO_PROVIDERS =
  /^server\/src\/(?:domains\/|providers\/|compose\/|platform\/outbound\/|apps\/(?:api|worker|reco|all)\/)/

/** The code that talks to providers; it may hold no branch for an emulated one. */
export function providerClients(files: readonly SourceFile[]): SourceFile[] {
  return files.filter((file) => !isTest(file) && TALKS_TO_PROVIDERS.test(file.path))
}

export function sandboxBranches(files: readonly SourceFile[]): string[] {
  return naming(providerClients(files), /sandbox/i, 'knows the sandbox')
}

export function serverInSandbox(files: readonly SourceFile[]): string[] {
  const sandbox = files.filter(({ path }) => path.startsWith('sandbox/src/'))
  const server = /#(?:platform|domains|providers|compose)\b|music-language\/server|\.\.\/server\//
  return naming(sandbox, server, 'knows the server')
}

const ERROR_CODE = /\bcode: '([a-z_]+\.[a-z_]+)'/g

const codesOf = (files: readonly SourceFile[]): string[] =>
  files
    .filter((file) => !isTest(file))
    .flatMap(({ text }) => Array.from(text.matchAll(ERROR_CODE), ([, code = '']) => code))

/** `pages` are the names of the files in `docs/errors`. */
export function undocumentedErrors(
  files: readonly SourceFile[],
  pages: readonly string[],
): string[] {
  const missing = new Set(codesOf(files).filter((code) => !pages.includes(`${code}.md`)))
  return [...missing].map((code) => `${code} has no page`)
}

export function stalePages(files: readonly SourceFile[], pages: readonly string[]): string[] {
  const known = new Set(['README.md', ...codesOf(files).map((code) => `${code}.md`)])
  return pages.filter((page) => !known.has(page)).map((page) => `${page} explains no error`)
}
