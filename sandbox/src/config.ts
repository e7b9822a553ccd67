import { parseArgs } from 'node:util'

export type SandboxMode = 'catalogue' | 'recorded'

export interface SandboxConfig {
  readonly port: number
  readonly host: string
  readonly mode: SandboxMode
  readonly recordedDir?: string
  readonly clientId: string
  readonly clientSecret: string
  readonly geniusToken: string
  /** Exact redirect URIs; none = every loopback address. */
  readonly redirectUris: readonly string[]
}

/** Lists every invalid setting at once. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(`The sandbox cannot start:\n${faults.map((fault) => `- ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

type Environment = Readonly<Record<string, string | undefined>>

const DEFAULT_PORT = 4010

function readPort(text: string | undefined, faults: string[]): number {
  if (text === undefined) return DEFAULT_PORT
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  faults.push(`SANDBOX_PORT: "${text}" is not a port from 0 to 65535`)
  return DEFAULT_PORT
}

function readMode(text: string | undefined, faults: string[]): SandboxMode {
  if (text === undefined || text === 'catalogue') return 'catalogue'
  if (text !== 'recorded') faults.push(`SANDBOX_MODE: "${text}" is neither catalogue nor recorded`)
  return 'recorded'
}

function readUris(text: string | undefined, faults: string[]): string[] {
  const uris = (text ?? '').split(',').map((uri) => uri.trim())
  const given = uris.filter((uri) => uri !== '')
  for (const uri of given) {
    if (!URL.canParse(uri)) faults.push(`SANDBOX_REDIRECT_URIS: "${uri}" is not a URL`)
  }
  return given
}

/**
 * Reads the settings; an empty variable counts as not set.
 * @throws ConfigError listing every fault.
 */
export function readConfig(environment: Environment): SandboxConfig {
  const faults: string[] = []
  const read = (name: string) => environment[name]?.trim() || undefined
  const mode = readMode(read('SANDBOX_MODE'), faults)
  const recordedDir = read('SANDBOX_RECORDED_DIR')
  if (mode === 'recorded' && recordedDir === undefined && faults.length === 0) {
    faults.push('SANDBOX_RECORDED_DIR: must name the folder of recorded answers in recorded mode')
  }
  const config: SandboxConfig = {
    port: readPort(read('SANDBOX_PORT'), faults),
    host: read('SANDBOX_HOST') ?? '127.0.0.1',
    mode,
    ...(recordedDir === undefined ? {} : { recordedDir }),
    clientId: read('SANDBOX_CLIENT_ID') ?? 'sandbox-client',
    clientSecret: read('SANDBOX_CLIENT_SECRET') ?? 'sandbox-secret',
    geniusToken: read('SANDBOX_GENIUS_TOKEN') ?? 'sandbox-genius-token',
    redirectUris: readUris(read('SANDBOX_REDIRECT_URIS'), faults),
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return config
}

export type Command =
  | { readonly name: 'serve' }
  | { readonly name: 'history'; readonly out: string; readonly until?: Date }

const USAGE = `Usage:
  node sandbox/src/main.ts serve
  node sandbox/src/main.ts history --out FILE [--until DATE]`

function readUntil(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const until = new Date(text)
  if (Number.isNaN(until.getTime())) throw new ConfigError([`--until: "${text}" is not a date`])
  return until
}

/** Reads the command line. @throws ConfigError with the usage when it is not understood. */
export function readCommand(args: readonly string[]): Command {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string' }, until: { type: 'string' } },
    })
    const [name = 'serve'] = positionals
    if (name === 'serve') return { name }
    if (name === 'history' && values.out !== undefined) {
      const until = readUntil(values.until)
      return { name, out: values.out, ...(until === undefined ? {} : { until }) }
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error
  }
  throw new ConfigError([`the command is not understood\n${USAGE}`])
}
