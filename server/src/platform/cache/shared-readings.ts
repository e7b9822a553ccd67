import type { Reading } from './reading.ts'

interface Running {
  reading: Reading
  answer: Promise<unknown>
}

/** Reads under way in this process: who asks the same meanwhile gets the same answer, or failure. */
export function sharedReadings() {
  const running = new Map<string, Running>()

  return {
    /** The read of this key that answers a question with these versions. */
    of(key: string, versions: string): Running | undefined {
      const found = running.get(key)
      return found?.reading.versions === versions ? found : undefined
    },
    /** Lets others join until there is an answer. */
    async run(reading: Reading, answer: Promise<unknown>): Promise<unknown> {
      const own = { reading, answer }
      running.set(reading.key, own)
      try {
        return await answer
      } finally {
        if (running.get(reading.key) === own) running.delete(reading.key)
      }
    },
    /** Nobody joins any more, and nothing is kept. */
    outdate(key: string): void {
      const found = running.get(key)
      if (found !== undefined) found.reading.isOutdated = true
      running.delete(key)
    },
    outdateAll(): void {
      for (const { reading } of running.values()) reading.isOutdated = true
      running.clear()
    },
  }
}
