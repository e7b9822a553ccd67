import { setTimeout as delay } from 'node:timers/promises'
import type { JobSender } from '#platform/jobs'
import { demand, type Fleet } from '../../test/fleet/index.ts'
import { countingJob } from '../counting/counting-job.ts'
import type { Random } from '../random.ts'
import type { EventLedger } from './event-ledger.ts'
import { type Listener, newListener } from './listener.ts'
import { type EventSender, eventSender } from './post-events.ts'
import type { Violations } from './violations.ts'

export interface WorkloadOptions {
  readonly fleet: Fleet
  readonly jobs: JobSender
  readonly ledger: EventLedger
  readonly violations: Violations
}

/** What came of the calls of one schedule. */
export interface Traffic {
  done: number
  /** Refused or shed: 4xx and 5xx. */
  refused: number
  unanswered: number
}

export interface Workload {
  /** People use the system until `isOver`. */
  run(random: Random, isOver: () => boolean): Promise<Traffic>
  /** Jobs that are surely in the queue: each must have its effect. */
  readonly enqueued: ReadonlySet<number>
}

interface Person {
  readonly listener: Listener
  readonly sender: EventSender
}

const PEOPLE = 6
const PAUSE_MS = 25
const MOST_EVENTS = 10

async function meetPeople({ fleet, ledger, violations }: WorkloadOptions): Promise<Person[]> {
  const { listeners } = await demand<{ listeners: { id: string }[] }>(
    fleet.sandbox.url,
    '/control/listeners',
  )
  const people: Person[] = []
  for (const { id: listenerId } of listeners.slice(0, PEOPLE)) {
    const listener = await newListener({ base: fleet.nginx.url, listenerId, violations })
    people.push({ listener, sender: eventSender(listener.userId, ledger, 4_000) })
  }
  return people
}

/** Few people, each doing one thing after the other, so that what each may see is known. */
export async function startWorkload(options: WorkloadOptions): Promise<Workload> {
  const { fleet, jobs } = options
  const people = await meetPeople(options)
  const enqueued = new Set<number>()
  let nextJob = 0

  async function enqueue(): Promise<number> {
    const number = nextJob
    nextJob += 1
    await jobs.enqueue(countingJob, { number })
    enqueued.add(number)
    return 200
  }

  function act({ listener, sender }: Person, random: Random): Promise<number | 'no answer'> {
    const base = random.pick([fleet.nginx, ...fleet.apis]).url
    const chance = random.next()
    if (chance < 0.45) {
      return sender.post({ base, token: listener.token() }, random.between(1, MOST_EVENTS))
    }
    if (chance < 0.6) return listener.topTracks(base)
    if (chance < 0.75) return listener.whoAmI(base)
    if (chance < 0.88) return listener.refreshRace(fleet.apis.map(({ url }) => url))
    if (chance < 0.9) return listener.signIn(base)
    return enqueue()
  }

  return {
    enqueued,
    async run(random, isOver) {
      const traffic: Traffic = { done: 0, refused: 0, unanswered: 0 }
      const count = (outcome: number | 'no answer') => {
        if (outcome === 'no answer') traffic.unanswered += 1
        else if (outcome < 400) traffic.done += 1
        else traffic.refused += 1
      }
      async function live(person: Person, chance: Random): Promise<void> {
        while (!isOver()) {
          count(await act(person, chance).catch(() => 'no answer' as const))
          await delay(PAUSE_MS)
        }
      }
      await Promise.all(people.map((person, index) => live(person, random.fork(`person ${index}`))))
      return traffic
    },
  }
}
