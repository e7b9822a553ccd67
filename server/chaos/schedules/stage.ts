import { programPath } from '../../test/servers/missing-server.ts'
import type { FaultKind } from '../faults/fault-kinds.ts'
import { linkName, type Means } from '../faults/make-fault.ts'
import type { Stage } from './schedule.ts'

/** Those that cost a start of a process, some seconds, come up less often than the others. */
const WEIGHTS: Readonly<Record<FaultKind, number>> = {
  'link.latency': 8,
  'link.slices': 6,
  'link.blackhole': 8,
  'link.reset': 8,
  'link.refuse': 5,
  'process.pause': 6,
  'process.kill': 4,
  'postgres.pause': 4,
  'postgres.crash': 3,
  'postgres.fsync': 2,
  'redis.pause': 4,
  'redis.kill': 4,
  'redis.flush': 4,
  'redis.full': 4,
  'rabbit.restart': 1,
  'disk.full': 3,
  'clock.jump': 4,
}

const KINDS = Object.keys(WEIGHTS) as FaultKind[]

/** What a system offers to hit. */
export function stageOf({ fleet, clocks, disk }: Means): Stage {
  const impossible: Partial<Record<FaultKind, boolean>> = {
    'postgres.fsync': programPath('strace') === undefined,
    'rabbit.restart': fleet.rabbit === undefined,
    'disk.full': disk === undefined,
    'clock.jump': clocks === undefined,
  }
  return {
    links: fleet.links.map(linkName),
    processes: fleet.processes.map(({ name }) => name),
    kinds: KINDS.filter((kind) => impossible[kind] !== true).map((kind) => ({
      kind,
      weight: WEIGHTS[kind],
    })),
  }
}
