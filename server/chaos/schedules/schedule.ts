import type { FaultKind } from '../faults/fault-kinds.ts'
import type { Random } from '../random.ts'

/** One fault: when it begins, whom it hits, how hard, and when it is over. */
export interface PlannedFault {
  readonly atMs: number
  readonly forMs: number
  readonly kind: FaultKind
  /** A process, a server, or a connection such as `api-1→redis`. */
  readonly target: string
  /** What the kind makes of it: milliseconds, bytes, seconds. */
  readonly size: number
}

/** What there is to hit, by name; the same in every run of a command. */
export interface Stage {
  readonly links: readonly string[]
  readonly processes: readonly string[]
  /** Kinds that work here, each as often as it shall come up. */
  readonly kinds: readonly { readonly kind: FaultKind; readonly weight: number }[]
}

/** Faults begin within this time. */
export const SCHEDULE_MS = 1_000
const LEAST_FAULTS = 2
const MOST_FAULTS = 5
const LONGEST_MS = 700

const SIZES: Readonly<Record<FaultKind, readonly [number, number]>> = {
  'link.latency': [5, 150],
  'link.slices': [1, 64],
  'link.blackhole': [0, 0],
  'link.reset': [0, 0],
  'link.refuse': [0, 0],
  'process.pause': [0, 0],
  'process.kill': [0, 0],
  'postgres.pause': [0, 0],
  'postgres.crash': [0, 0],
  'postgres.fsync': [1, 3],
  'redis.pause': [0, 0],
  'redis.kill': [0, 0],
  'redis.flush': [0, 0],
  'redis.full': [0, 0],
  'rabbit.restart': [0, 0],
  'disk.full': [0, 0],
  'clock.jump': [-40, 40],
}

function kindOf(random: Random, { kinds }: Stage): FaultKind {
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0)
  let left = random.next() * total
  for (const { kind, weight } of kinds) {
    left -= weight
    if (left < 0) return kind
  }
  throw new Error('no kind of fault works here')
}

function targetOf(random: Random, kind: FaultKind, stage: Stage): string {
  const [family = ''] = kind.split('.')
  if (family === 'link') return random.pick(stage.links)
  if (family === 'process' || family === 'clock') return random.pick(stage.processes)
  return family
}

/** Faults by chance, in the order of their beginning; no target has two of a family at once. */
export function makeSchedule(random: Random, stage: Stage): PlannedFault[] {
  const faults: PlannedFault[] = []
  const taken = new Set<string>()
  const count = random.between(LEAST_FAULTS, MOST_FAULTS)
  for (let index = 0; index < count; index += 1) {
    const kind = kindOf(random, stage)
    const target = targetOf(random, kind, stage)
    const [least, most] = SIZES[kind]
    const fault = {
      kind,
      target,
      atMs: random.between(0, SCHEDULE_MS),
      forMs: random.between(50, LONGEST_MS),
      size: random.between(least, most),
    }
    if (taken.has(target)) continue
    taken.add(target)
    faults.push(fault)
  }
  return faults.toSorted((a, b) => a.atMs - b.atMs)
}

export const describeFault = ({ kind, target, atMs, forMs, size }: PlannedFault): string =>
  `${kind}${target === kind.split('.')[0] ? '' : `(${target})`}@${atMs}+${forMs}${size === 0 ? '' : `×${size}`}`
