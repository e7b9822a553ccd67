import { describe, expect, it } from 'vitest'
import { waitForDatabase } from './wait-for-database.ts'

const URL = 'postgres://user:hush@db.internal:5433/music'
const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
const sqlError = (code: string, message: string) => Object.assign(new Error(message), { code })

/** A database that fails with these errors, one a call, and is there after them. */
function waitFor(errors: Error[], giveUpAfterMs = 60_000) {
  const messages: string[] = []
  const pauses: number[] = []
  const left = [...errors]
  const done = waitForDatabase({
    url: URL,
    giveUpAfterMs,
    async check() {
      const error = left.shift()
      if (error !== undefined) throw error
    },
    onWait: (message) => void messages.push(message),
    pause: async (ms) => void pauses.push(ms),
  })
  return { done, messages, pauses }
}

describe('a process that starts before its database', () => {
  it('waits, longer each time, and says for what', async () => {
    const { done, messages, pauses } = waitFor([
      ...Array.from({ length: 5 }, refused),
      sqlError('57P03', 'the database system is starting up'),
      new Error('the database lacks migrations: run the migrate command'),
    ])
    await done
    expect(pauses).toEqual([500, 1000, 2000, 4000, 5000, 5000, 5000])
    expect(messages[0]).toBe(
      'PostgreSQL at db.internal:5433 is not ready (connect ECONNREFUSED), trying again in 0.5 s',
    )
    expect(messages.at(-1)).toContain('run the migrate command')
    expect(messages.join()).not.toContain('hush')
  })

  it.each([
    ['28P01', 'password authentication failed for user "user"'],
    ['3D000', 'database "music" does not exist'],
  ])('ends at once where waiting is of no use: %s', async (code, message) => {
    const { done, pauses } = waitFor([sqlError(code, message)])
    await expect(done).rejects.toThrow(`PostgreSQL at db.internal:5433 refuses us: ${message}`)
    expect(pauses).toEqual([])
  })

  it('gives up in the end', async () => {
    const { done } = waitFor(Array.from({ length: 9 }, refused), 3_000)
    await expect(done).rejects.toThrow('is not ready after 3 s: connect ECONNREFUSED')
  })
})
