import type { Addressed, Target } from './traffic.ts'

export type FaultKind =
  | 'slow'
  | 'status'
  | 'rate-limit'
  | 'invalid-grant'
  | 'malformed'
  | 'hang'
  | 'reset'

export interface Fault {
  readonly target: Target
  readonly kind: FaultKind
  /** Start of the path, with or without the provider's own prefix. */
  readonly match?: string
  readonly delayMs?: number
  readonly status?: number
  readonly message?: string
  readonly retryAfterSeconds?: number
  /** How many requests it meets; without it, every one until the faults are cleared. */
  readonly times?: number
}

export interface Faults {
  add(fault: Fault): void
  clear(): void
  list(): readonly Fault[]
  /** The oldest fault that meets the request; one use of it is spent. */
  take(request: Addressed): Fault | undefined
}

function meets(fault: Fault, { target, path }: Addressed): boolean {
  if (fault.target !== target) return false
  const { match } = fault
  return match === undefined || path.startsWith(match) || path.startsWith(`/v1${match}`)
}

export function faults(): Faults {
  let active: Array<{ readonly fault: Fault; left: number }> = []
  return {
    add: (fault) => void active.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    clear() {
      active = []
    },
    list: () =>
      active.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault)),
    take(request) {
      const entry = active.find(({ fault }) => meets(fault, request))
      if (entry === undefined) return undefined
      entry.left -= 1
      if (entry.left <= 0) active = active.filter((other) => other !== entry)
      return entry.fault
    },
  }
}
