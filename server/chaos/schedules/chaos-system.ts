import { resolve } from 'node:path'
import { startFleet } from '../../test/fleet/index.ts'
import { COUNTING_TABLE } from '../counting/counting-job.ts'
import { openWitness } from '../database.ts'
import { clockFiles } from '../faults/clock-files.ts'
import type { Means } from '../faults/make-fault.ts'
import { smallDisk } from '../faults/small-disk.ts'

export type ChaosSystem = Means & { close(): Promise<void> }

const COUNTER = resolve(import.meta.dirname, '../counting/counting-worker.ts')
/** Keeps what many schedules write small. */
const POSTGRES = { inMemory: true, settings: { max_wal_size: '256MB' } }

/** The whole system, with everything that faults are made with. */
export async function startSystem(rabbit: boolean): Promise<ChaosSystem> {
  const clocks = await clockFiles()
  const disk = await smallDisk()
  const closeMeans = async () => {
    await clocks?.close()
    await disk?.close()
  }
  try {
    const fleet = await startFleet({
      apis: 2,
      workers: 1,
      also: [{ name: 'counter-1', program: COUNTER }],
      postgres: POSTGRES,
      redis: true,
      rabbit,
      proxied: true,
      prepare: async (databaseUrl) => {
        const before = openWitness(databaseUrl)
        await before.rows(COUNTING_TABLE)
        await before.close()
      },
      ...(disk !== undefined && { dataDir: disk.folder }),
      ...(clocks !== undefined && { envOf: clocks.env }),
    })
    return {
      fleet,
      clocks,
      disk,
      async close() {
        await fleet.close()
        await closeMeans()
      },
    }
  } catch (error) {
    await closeMeans()
    throw error
  }
}
