import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** Events of one write, from one alone to as many as a group takes. */
const GROUP_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
const DURATION_BUCKETS = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.5, 2]

export type IntakeMetrics = ReturnType<typeof intakeMetrics>

/** What is counted of the intake of events. */
export function intakeMetrics(registry: Registry) {
  const registers = [registry]
  return {
    events: new Counter({
      name: 'analytics_events_total',
      help: 'Events that clients sent, by type and by what became of them.',
      labelNames: ['type', 'result'] as const,
      registers,
    }),
    groupSize: new Histogram({
      name: 'analytics_group_events',
      help: 'Events that were written in one transaction.',
      buckets: GROUP_BUCKETS,
      registers,
    }),
    writeDuration: new Histogram({
      name: 'analytics_write_duration_seconds',
      help: 'Time to write one group of events durably.',
      buckets: DURATION_BUCKETS,
      registers,
    }),
    exposeWaiting(waitingItems: () => number): void {
      new Gauge({
        name: 'analytics_events_waiting',
        help: 'Events that wait to be written.',
        registers,
        collect() {
          this.set(waitingItems())
        },
      })
    },
  }
}
