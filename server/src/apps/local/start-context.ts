import type { LocalConfig } from '#platform/config'
import type { LocalRunError } from './local-errors.ts'
import type { LocalSecrets } from './local-secrets.ts'
import type { RunningSystem } from './running-system.ts'
import type { Terminal } from './terminal.ts'

/** What every step of the start works with. */
export interface StartContext {
  readonly config: LocalConfig
  readonly secrets: LocalSecrets
  readonly terminal: Terminal
  readonly system: RunningSystem
  readonly signal: AbortSignal
  readonly nowMs: () => number
  /** Told when a program keeps ending by itself. */
  readonly onFailure: (error: LocalRunError) => void
}
