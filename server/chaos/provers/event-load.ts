import { setTimeout as delay } from 'node:timers/promises'
import { register } from '../../test/fleet/index.ts'
import type { Random } from '../random.ts'
import type { EventLedger } from '../workload/event-ledger.ts'
import { eventSender } from '../workload/post-events.ts'

export interface EventLoad {
  readonly statuses: ReadonlyMap<number | 'no answer', number>
  stop(): Promise<void>
}

export interface EventLoadOptions {
  /** The replicas, each post to one of them by chance. */
  readonly bases: readonly string[]
  readonly ledger: EventLedger
  readonly senders: number
  readonly random: Random
}

const MOST_A_POST = 10
/** Leaves a killed process the time to start beside the load, and the ledger of a long run in memory. */
const PAUSE_MS = 20
/** A client that got nothing waits this long at most before it tries again. */
const RETRY_AFTER_MS = 60

/** Users who post events nearly without a pause, each one batch after the other. */
export async function startEventLoad(options: EventLoadOptions): Promise<EventLoad> {
  const { bases, ledger, senders, random } = options
  const statuses = new Map<number | 'no answer', number>()
  let running = true

  async function send(label: string): Promise<void> {
    const chance = random.fork(label)
    const { userId, accessToken: token } = await register(chance.pick(bases))
    const sender = eventSender(userId, ledger)
    loops.push(
      (async () => {
        let count = chance.between(1, MOST_A_POST)
        while (running) {
          const status = await sender.post({ base: chance.pick(bases), token }, count)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          count = status === 200 ? chance.between(1, MOST_A_POST) : 0
          await delay(status === 200 ? PAUSE_MS : chance.between(5, RETRY_AFTER_MS))
        }
        // What nobody has answered yet is sent until somebody does.
        await sender.post({ base: chance.pick(bases), token }, 0)
      })(),
    )
  }

  const loops: Promise<void>[] = []
  for (let index = 0; index < senders; index += 1) await send(`sender ${index}`)
  return {
    statuses,
    async stop() {
      running = false
      await Promise.all(loops)
    },
  }
}
