import { Gauge, type Registry } from 'prom-client'

/** The jobs of one kind in the whole fleet. */
interface QueueDepth {
  job: string
  waiting: number
  oldestWaitingSeconds: number
  running: number
  dead: number
}

/**
 * What the queues hold, counted in the database at each scrape. Every worker tells the same numbers
 * of the whole fleet: over several workers take `max by (job)`, never a sum.
 */
export function jobQueueGauges(registry: Registry) {
  let read: (() => Promise<readonly QueueDepth[]>) | undefined
  let reading: Promise<readonly QueueDepth[]> | undefined
  // A scrape asks all gauges at once: they share one reading.
  const shared = () => {
    reading ??= (read?.() ?? Promise.resolve([])).finally(() => {
      reading = undefined
    })
    return reading
  }
  const gauge = (name: string, help: string, numberOf: (depth: QueueDepth) => number) =>
    new Gauge({
      name,
      help: `${help} In the whole fleet: take the maximum over workers.`,
      labelNames: ['job'] as const,
      registers: [registry],
      async collect() {
        this.reset()
        // Without the database there is no number, but all other metrics are wanted all the more.
        const depths = await shared().catch(() => [])
        for (const depth of depths) this.set({ job: depth.job }, numberOf(depth))
      },
    })
  gauge('jobs_waiting', 'Jobs that are ready and not yet taken.', ({ waiting }) => waiting)
  gauge(
    'jobs_oldest_waiting_seconds',
    'How long the oldest waiting job has been ready.',
    ({ oldestWaitingSeconds }) => oldestWaitingSeconds,
  )
  gauge('jobs_running', 'Jobs that are being run.', ({ running }) => running)
  gauge('jobs_dead', 'Jobs in the dead-letter queue.', ({ dead }) => dead)
  return {
    readFrom(source: NonNullable<typeof read>) {
      read = source
    },
  }
}
