import { expect, it } from 'vitest'
import { startJobWorker } from '#platform/jobs'
import { createLogger, createMetrics } from '#platform/telemetry'
import { createTestDatabase } from '#test'
import { registerRecommendationJobs, trainJob } from './recommendations.jobs.ts'

it('trains when a worker starts and when asked to, with a signal that ends the training', async () => {
  const database = await createTestDatabase()
  const worker = await startJobWorker({
    databaseUrl: database.url,
    logger: createLogger({ logLevel: 'silent' }, { service: 'test' }),
    metrics: createMetrics(),
    jobs: [trainJob],
  })
  const signals: (AbortSignal | undefined)[] = []
  try {
    await registerRecommendationJobs(worker, {
      training: {
        async train(signal) {
          signals.push(signal)
          return { trained: false, why: 'unchanged' }
        },
      },
    })
    await expect.poll(() => signals, { timeout: 10_000 }).toHaveLength(1)
    await worker.enqueue(trainJob, {})
    await expect.poll(() => signals, { timeout: 10_000 }).toHaveLength(2)
    expect(signals[0]).toBeInstanceOf(AbortSignal)
  } finally {
    await worker.stop()
    await database.drop()
  }
})
