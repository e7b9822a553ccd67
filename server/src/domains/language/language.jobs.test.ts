import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { JobQueue } from '#platform/jobs'
import { detectionOfNewTracks } from './language.jobs.ts'

interface Sent {
  job: string
  payload: { trackIds?: string[] }
  within: unknown
}

describe('detectionOfNewTracks', () => {
  it('enqueues at most 500 tracks a job, inside the caller’s transaction', async () => {
    const sent: Sent[] = []
    const enqueue: JobQueue['enqueue'] = async ({ name }, payload, options) => {
      sent.push({ job: name, payload, within: options?.within })
      return name
    }
    const transaction = Object.create(null)
    const ids = Array.from({ length: 1201 }, () => randomUUID())
    await detectionOfNewTracks({ enqueue })(ids, transaction)

    expect(sent.map(({ payload }) => payload.trackIds?.length)).toStrictEqual([500, 500, 201])
    expect(sent.flatMap(({ payload }) => payload.trackIds)).toStrictEqual(ids)
    expect(
      sent.every(({ job, within }) => job === 'language.detect' && within === transaction),
    ).toBe(true)
  })
})
