import { setTimeout as delay } from 'node:timers/promises'
import type { Server } from '#servers'
import type { Random } from '../random.ts'

export interface KillOptions {
  readonly victims: readonly Server[]
  /** Kills in all. */
  readonly times: number
  readonly random: Random
  /** What is done before each kill. */
  readonly before?: () => Promise<void>
  /** Told now and then how many kills there were. */
  readonly told: (kills: number) => void
}

const LONGEST_WAIT_MS = 600
const TOLD_EVERY = 10

/** Kills each victim at a moment by chance and starts it anew, all of them at the same time. */
export async function killAgainAndAgain(options: KillOptions): Promise<void> {
  const { victims, times, random, before, told } = options
  let kills = 0

  async function suffer(victim: Server, chance: Random): Promise<void> {
    while (kills < times) {
      kills += 1
      const nth = kills
      await before?.()
      await delay(chance.between(0, LONGEST_WAIT_MS))
      await victim.kill()
      await victim.start()
      if (nth % TOLD_EVERY === 0) told(nth)
    }
  }

  await Promise.all(victims.map((victim, index) => suffer(victim, random.fork(`victim ${index}`))))
}
