import { expect, it } from 'vitest'
import { createLogger } from '#platform/telemetry'
import { queueErrorLog } from './queue-error-log.ts'

it('tells an error that everybody meets again and again once in ten seconds, with its number', () => {
  const lines: { error: { message: string }; untold?: number }[] = []
  const write = (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number])
  let nowMs = 0
  const log = queueErrorLog(
    createLogger({ logLevel: 'error' }, { service: 'test' }, { write }),
    () => nowMs,
  )
  log(new Error('read ECONNRESET (Queue: a, Worker: 1)'))
  log(new Error('read ECONNRESET (Queue: b, Worker: 2)'))
  log(new Error('read ECONNRESET'))
  log(new Error('something else'))
  nowMs = 10_000
  log(new Error('read ECONNRESET (Queue: a, Worker: 1)'))
  expect(lines).toMatchObject([
    { error: { message: 'read ECONNRESET (Queue: a, Worker: 1)' } },
    { error: { message: 'something else' } },
    { error: { message: 'read ECONNRESET (Queue: a, Worker: 1)' }, untold: 2 },
  ])
})
