import { isIP } from 'node:net'

/** One environment variable that is missing or wrong. */
export interface ConfigFault {
  name: string
  problem: string
}

/** Thrown once, with every fault found, so that an operator mends them in one go. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(
      `Configuration is not usable:\n${faults.map((f) => `  ${f.name}: ${f.problem}`).join('\n')}`,
    )
    this.name = 'ConfigError'
    this.faults = faults
  }
}

export type Env = Readonly<Record<string, string | undefined>>

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0
  if (bits === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
}

interface NumberBounds {
  min: number
  max: number
}

/**
 * Reads typed values out of environment strings and remembers every fault.
 * A faulty variable reads as its fallback, so that reading goes on; `finish` then throws.
 */
export function envReader(env: Env) {
  const faults: ConfigFault[] = []
  const fault = (name: string, problem: string) => void faults.push({ name, problem })
  const raw = (name: string) => {
    const value = env[name]?.trim()
    return value === '' ? undefined : value
  }

  const list = (name: string) =>
    (raw(name) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')

  return {
    fault,
    text: raw,
    required(name: string, purpose: string): string {
      const value = raw(name)
      if (value === undefined) fault(name, `is required (${purpose})`)
      return value ?? ''
    },
    integer(name: string, fallback: number, { min, max }: NumberBounds): number {
      const value = raw(name)
      if (value === undefined) return fallback
      const number = Number(value)
      if (Number.isInteger(number) && number >= min && number <= max) return number
      fault(name, `must be a whole number from ${min} to ${max}, not "${value}"`)
      return fallback
    },
    ratio(name: string, fallback: number): number {
      const value = raw(name)
      if (value === undefined) return fallback
      const number = Number(value)
      if (number >= 0 && number <= 1) return number
      fault(name, `must be a number from 0 to 1, not "${value}"`)
      return fallback
    },
    choice<const T extends string>(name: string, fallback: T, choices: readonly T[]): T {
      const value = raw(name)
      if (value === undefined) return fallback
      const found = choices.find((choice) => choice === value)
      if (found === undefined) fault(name, `must be one of ${choices.join(', ')}, not "${value}"`)
      return found ?? fallback
    },
    /** An absolute http(s) URL without a trailing slash. */
    url(name: string, fallback: string): string {
      const value = raw(name) ?? fallback
      const parsed = URL.parse(value)
      if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
        fault(name, `must be an http or https URL, not "${value}"`)
      }
      return value.replace(/\/+$/, '')
    },
    /** A PostgreSQL connection URL; the message never repeats it, for it holds a password. */
    databaseUrl(name: string): string {
      const value = raw(name)
      const form = 'postgres://user:password@host:port/name'
      const protocol = value === undefined ? undefined : URL.parse(value)?.protocol
      if (value === undefined) fault(name, `is required (${form})`)
      else if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
        fault(name, `must have the form ${form}`)
      }
      return value ?? ''
    },
    /** An optional URL of a server; the message never repeats it, for it may hold a password. */
    secretUrl(name: string, protocols: readonly string[]): string | undefined {
      const value = raw(name)
      if (value === undefined) return undefined
      if (protocols.includes(URL.parse(value)?.protocol ?? '')) return value
      fault(name, `must be a URL that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`)
      return undefined
    },
    /** Addresses and CIDR ranges, comma-separated. */
    networks(name: string): string[] {
      const entries = list(name)
      for (const entry of entries) {
        if (!isNetwork(entry)) fault(name, `"${entry}" is no address and no CIDR range`)
      }
      return entries
    },
    list,
    flag(name: string): boolean {
      return raw(name) === '1' || raw(name) === 'true'
    },
    finish(): void {
      if (faults.length > 0) throw new ConfigError(faults)
    },
  }
}

export type EnvReader = ReturnType<typeof envReader>
