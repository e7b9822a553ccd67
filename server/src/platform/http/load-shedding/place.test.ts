import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { placeOf } from './place.ts'

function setUp(statusCode = 200) {
  const time = { nowMs: 1_000, refusingMs: 300 }
  const raw = new EventEmitter() as ServerResponse
  const left: { route: string; latencyMs: number | undefined }[] = []
  const place = placeOf(
    { leave: ({ route, latencyMs }) => void left.push({ route, latencyMs }) },
    { routeOptions: { url: '/r' } as never },
    { raw, statusCode },
    { nowMs: () => time.nowMs, refusingMs: () => time.refusingMs },
  )
  return { time, place, left, hangUp: () => raw.emit('close') }
}

describe('a request’s place', () => {
  it('is kept until its answer is out, and tells once how long that took', () => {
    const { time, place, left, hangUp } = setUp()
    time.nowMs += 50
    place.read()
    time.nowMs += 20
    place.answered()
    expect(left).toEqual([])
    place.finished()
    hangUp()
    expect(left).toEqual([{ route: '/r', latencyMs: 20 }])
  })

  it('leaves out the time in which others were refused', () => {
    const { time, place, left } = setUp()
    place.read()
    time.nowMs += 100
    time.refusingMs += 70
    place.finished()
    expect(left).toEqual([{ route: '/r', latencyMs: 30 }])
  })

  it('is kept for a caller that has hung up until there is an answer', () => {
    const { place, left, hangUp } = setUp()
    place.read()
    hangUp()
    expect(left).toEqual([])
    place.answered()
    expect(left).toHaveLength(1)
  })

  it.each([
    ['a refusal', 403],
    ['a failure', 500],
  ])('says nothing of how long %s took', (_, statusCode) => {
    const { place, left } = setUp(statusCode)
    place.read()
    place.finished()
    expect(left).toEqual([{ route: '/r', latencyMs: undefined }])
  })

  it('says nothing of a request that was never read', () => {
    const { place, left } = setUp()
    place.finished()
    expect(left).toEqual([{ route: '/r', latencyMs: undefined }])
  })
})
