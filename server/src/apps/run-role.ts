import { ConfigError } from '#platform/config'

/** Loaded only when chosen: the CLI has no use for the API's code. */
const ROLES: Readonly<Record<string, () => Promise<(args: string[]) => Promise<void>>>> = {
  api: async () => (await import('./api/index.ts')).run,
  reco: async () => (await import('./reco/index.ts')).run,
  all: async () => (await import('./all/index.ts')).run,
  worker: async () => (await import('./worker/index.ts')).run,
  cli: async () => (await import('./cli/index.ts')).run,
  start: async () => (await import('./local/index.ts')).runLocal,
}

const FAILED = 1
const USED_WRONGLY = 2

/** Runs a role to its end and sets the process's exit code: 1 failed, 2 used wrongly. */
export async function runRole(name: string, args: string[]): Promise<void> {
  const load = ROLES[name]
  if (load === undefined) {
    process.stderr.write(`Usage: main.ts <${Object.keys(ROLES).join('|')}> [arguments]\n`)
    process.exitCode = USED_WRONGLY
    return
  }
  try {
    await (await load())(args)
  } catch (error) {
    const expected = error instanceof ConfigError
    process.stderr.write(`${expected ? error.message : describe(error)}\n`)
    // A start that failed half-way may have left a server listening, which would keep us alive.
    process.exit(expected ? USED_WRONGLY : FAILED)
  }
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)
