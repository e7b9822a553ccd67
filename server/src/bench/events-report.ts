import { type BenchResult, CONTESTS, type ContestName, type RoundResult } from './events.ts'

const whole = (value: number) => Math.round(value).toLocaleString('en').padStart(9)

/** One turn of one contest. */
export function reportLine({ contest, eventsPerSecond, latenciesMs, failures }: RoundResult) {
  const { p50, p99 } = latenciesMs
  return [
    CONTESTS[contest].name.padEnd(28),
    `${whole(eventsPerSecond)} events/s`,
    `p50 ${p50.toFixed(1).padStart(6)} ms`,
    `p99 ${p99.toFixed(1).padStart(6)} ms`,
    failures === 0 ? '' : `${failures} FAILED`,
  ].join('  ')
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The median over the rounds of one contest divided by another, each round by itself. */
function ratioOf({ rounds }: BenchResult, one: ContestName, other: ContestName): number {
  const speeds = (contest: ContestName) =>
    rounds.filter((round) => round.contest === contest).map((round) => round.eventsPerSecond)
  const others = speeds(other)
  return median(speeds(one).map((speed, round) => speed / (others[round] ?? Number.NaN)))
}

/** How the contests compare, and whether every acknowledged event is there. */
export function reportText(result: BenchResult): string {
  const { acknowledged, kept } = result
  return [
    '',
    `intake / INSERT at 1 event a request:   ${ratioOf(result, 'intake1', 'insert1').toFixed(2)}`,
    `intake / COPY at 100 events a request:  ${ratioOf(result, 'intake100', 'copy100').toFixed(2)}`,
    `acknowledged by the intake ${acknowledged}, kept ${kept}`,
  ].join('\n')
}
