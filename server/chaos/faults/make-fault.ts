import type { Fault } from '../../test/faults/fault-proxy.ts'
import type { Fleet, Link } from '../../test/fleet/index.ts'
import type { PlannedFault } from '../schedules/schedule.ts'
import type { ClockFiles } from './clock-files.ts'
import type { FaultKind } from './fault-kinds.ts'
import { failFsync } from './fsync-errors.ts'
import { askRedis } from './redis-commands.ts'
import type { SmallDisk } from './small-disk.ts'

/** What faults are made with. */
export interface Means {
  readonly fleet: Fleet
  readonly clocks: ClockFiles | undefined
  readonly disk: SmallDisk | undefined
}

/** Undoes a fault; resolves when whom it hit is running again. */
export type Heal = () => Promise<void>

export const linkName = ({ from, to }: Link): string => `${from}→${to}`

function named<T>(all: readonly T[], name: string, nameOf: (one: T) => string): T {
  const found = all.find((one) => nameOf(one) === name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

const onLink =
  (faultOf: (size: number) => Fault) =>
  async ({ fleet }: Means, { target, size }: PlannedFault): Promise<Heal> => {
    const { proxy } = named(fleet.links, target, linkName)
    proxy.set(faultOf(size))
    return async () => proxy.set({})
  }

const bothWays = (fault: NonNullable<Fault['toServer']>): Fault => ({
  toServer: fault,
  toClient: fault,
})

type Maker = (means: Means, fault: PlannedFault) => Promise<Heal>

const process = (fleet: Fleet, name: string) => named(fleet.processes, name, (one) => one.name)

function redisOf({ fleet }: Means) {
  if (fleet.redis === undefined) throw new Error('there is no Redis')
  return fleet.redis
}

const MAKERS: Readonly<Record<FaultKind, Maker>> = {
  'link.latency': onLink((latencyMs) => bothWays({ latencyMs })),
  'link.slices': onLink((sliceBytes) => bothWays({ sliceBytes })),
  'link.blackhole': onLink(() => bothWays({ blackhole: true })),
  'link.refuse': onLink(() => ({ refuse: true })),
  async 'link.reset'({ fleet }, { target }) {
    named(fleet.links, target, linkName).proxy.resetAll()
    return async () => undefined
  },
  async 'process.pause'({ fleet }, { target }) {
    const victim = process(fleet, target)
    victim.pause()
    return async () => victim.resume()
  },
  async 'process.kill'({ fleet }, { target }) {
    const victim = process(fleet, target)
    await victim.kill()
    return () => victim.start()
  },
  async 'postgres.pause'({ fleet }) {
    fleet.postgres.pause()
    return async () => fleet.postgres.resume()
  },
  async 'postgres.crash'({ fleet }) {
    await fleet.postgres.shutDown('SIGQUIT')
    return () => fleet.postgres.start()
  },
  'postgres.fsync': ({ fleet }, { size }) => failFsync(fleet.postgres, size),
  async 'redis.pause'(means) {
    const redis = redisOf(means)
    redis.pause()
    return async () => redis.resume()
  },
  async 'redis.kill'(means) {
    const redis = redisOf(means)
    await redis.kill()
    return () => redis.start()
  },
  async 'redis.flush'(means) {
    await askRedis(redisOf(means).url, 'FLUSHALL')
    return async () => undefined
  },
  async 'redis.full'(means) {
    const { url } = redisOf(means)
    await askRedis(url, 'CONFIG', 'SET', 'maxmemory', '1')
    return () => askRedis(url, 'CONFIG', 'SET', 'maxmemory', '0')
  },
  async 'rabbit.restart'({ fleet }) {
    const { rabbit } = fleet
    if (rabbit === undefined) throw new Error('there is no RabbitMQ')
    await rabbit.shutDown()
    return () => rabbit.start()
  },
  async 'disk.full'({ disk }) {
    if (disk === undefined) throw new Error('there is no small disk')
    await disk.fill()
    return disk.empty
  },
  async 'clock.jump'({ clocks }, { target, size }) {
    if (clocks === undefined) throw new Error('there are no clocks to set')
    await clocks.set(target, size)
    return () => clocks.set(target, 0)
  },
}

/** Makes a fault. @returns what undoes it. */
export const makeFault = (means: Means, fault: PlannedFault): Promise<Heal> =>
  MAKERS[fault.kind](means, fault)
