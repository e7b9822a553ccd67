import { expect, it, onTestFinished } from 'vitest'
import { listenForStop } from './stop-request.ts'

function requestAt(times: { nowMs: number }) {
  const request = listenForStop(() => times.nowMs)
  onTestFinished(() => request.dispose())
  return request
}

it('takes the signals of one Ctrl-C, which npm and the launcher repeat, as one request', () => {
  const times = { nowMs: 1000 }
  const request = requestAt(times)
  process.emit('SIGINT')
  times.nowMs += 20
  process.emit('SIGINT')

  expect(request.signal.aborted).toBe(true)
  expect(request.isHasty()).toBe(false)
})

it('makes haste at a second Ctrl-C', () => {
  const times = { nowMs: 1000 }
  const request = requestAt(times)
  process.emit('SIGINT')
  times.nowMs += 900
  process.emit('SIGINT')

  expect(request.isHasty()).toBe(true)
})
