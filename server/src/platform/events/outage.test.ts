import { expect, it } from 'vitest'
import { ObjectError } from '#platform/objects'
import { isOutage } from './outage.ts'

const withCode = (code: string) => Object.assign(new Error('failed'), { code })

it.each([
  ['a refused connection', withCode('ECONNREFUSED')],
  ['a full disk', withCode('ENOSPC')],
  ['a server that shuts down', withCode('57P01')],
  ['a deadlock', withCode('40P01')],
  ['a lock that was not given', withCode('55P03')],
  ['a connection cut in mid-query', new Error('Connection terminated unexpectedly')],
  ['an object store that is away', new ObjectError('unavailable', 'a')],
  ['any of these as a cause', new Error('failed', { cause: withCode('ETIMEDOUT') })],
  ['an answer of 503', Object.assign(new Error('busy'), { status: 503 })],
])('takes %s for an outage', (_what, error) => {
  expect(isOutage(error)).toBe(true)
})

it.each([
  ['a value of the wrong type', withCode('22P02')],
  ['a broken constraint', withCode('23505')],
  ['a mistake in the code', new TypeError('x is undefined')],
  ['a missing object', new ObjectError('missing', 'a')],
  ['an answer of 404', Object.assign(new Error('none'), { status: 404 })],
  ['what is no error', 'ECONNREFUSED'],
])('does not take %s for one', (_what, error) => {
  expect(isOutage(error)).toBe(false)
})
