import { describe, expect, it } from 'vitest'
import { AppError } from '#platform/errors'
import { createLogger } from '#platform/telemetry'
import { patientAttempts } from './patient-attempt.ts'

const limited = () =>
  new AppError({
    code: 'music.provider_rate_limited',
    status: 503,
    title: 'The service is asked too often',
    retryAfterSeconds: 7,
  })

function patient() {
  const pauses: number[] = []
  const stop = new AbortController()
  const attempt = patientAttempts({
    logger: createLogger({ logLevel: 'silent' }, { service: 'test' }),
    signal: stop.signal,
    pause: async (ms) => void pauses.push(ms),
  })
  return { attempt, pauses, stop }
}

const failing = (error: Error) => () => Promise.reject(error)

describe('patientAttempts', () => {
  it('waits as long as a provider asks for, and then goes on with the same user', async () => {
    const { attempt, pauses } = patient()
    const answers = [limited(), limited()]
    const made = await attempt('ana', async () => {
      const error = answers.shift()
      if (error !== undefined) throw error
      return 'lists'
    })
    expect(made).toBe('lists')
    expect(pauses).toEqual([7_000, 7_000])
  })

  it('gives up for now when the provider never relents', async () => {
    const { attempt, pauses } = patient()
    await expect(attempt('ana', failing(limited()))).rejects.toThrow('asked too often')
    expect(pauses).toHaveLength(3)
  })

  it('skips a user with whom something is wrong', async () => {
    const { attempt, pauses } = patient()
    expect(await attempt('ana', failing(new Error('odd data')))).toBe(undefined)
    expect(await attempt('ben', async () => 'lists')).toBe('lists')
    expect(pauses).toEqual([])
  })

  it('takes five in a row for a fault that is nobody’s own', async () => {
    const { attempt } = patient()
    const fault = failing(new Error('no database'))
    for (let user = 1; user <= 4; user += 1) {
      expect(await attempt(`user ${user}`, fault)).toBe(undefined)
    }
    await expect(attempt('user 5', fault)).rejects.toThrow('no database')
  })

  it('ends with the reason of whoever stops it', async () => {
    const { attempt, stop } = patient()
    const work = async () => {
      stop.abort(new Error('stopped'))
      throw new Error('cut off')
    }
    await expect(attempt('ana', work)).rejects.toThrow('stopped')
  })
})
