import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import {
  type EmbeddedPostgres,
  EmbeddedPostgresError,
  PostgresInUseError,
  startEmbeddedPostgres,
} from '#platform/embedded-postgres'

const FOLDER = resolve(import.meta.dirname, '../../../.data/test-postgres')
/** Runs that go on at the same time in one checkout, each with a server of its own. */
const SLOTS = 16

/** Nothing here is worth a disk's wait: a lost cluster is made again. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_connections: 300,
}

const FALLBACK_ROOTS = [
  join(tmpdir(), 'music-language-test'),
  '/tmp/music-language-test',
  '/var/tmp/music-language-test',
]

const start = (dataDir: string) =>
  startEmbeddedPostgres({ dataDir, settings: SETTINGS, fallbackRoots: FALLBACK_ROOTS })

async function startSlot(dataDir: string): Promise<EmbeddedPostgres> {
  try {
    return await start(dataDir)
  } catch (error) {
    if (error instanceof PostgresInUseError || !(error instanceof EmbeddedPostgresError)) {
      throw error
    }
    // Without fsync a power cut may have left a cluster that nothing can start.
    await rm(join(dataDir, 'cluster'), { recursive: true, force: true })
    return start(dataDir)
  }
}

export interface RunServer {
  readonly adminUrl: string
  stop(): Promise<void>
}

/** Starts a server for this run; its data stays for the next one, which then starts faster. */
export async function startTestServer(): Promise<RunServer> {
  for (let slot = 1; slot <= SLOTS; slot += 1) {
    const dataDir = join(FOLDER, String(slot))
    try {
      const server = await startSlot(dataDir)
      return {
        adminUrl: server.url,
        async stop() {
          await server.stop({ hasty: true })
          // Outside the checkout nobody would ever remove it.
          if (server.dataDir !== dataDir) await rm(server.dataDir, { recursive: true, force: true })
        },
      }
    } catch (error) {
      if (!(error instanceof PostgresInUseError)) throw error
    }
  }
  throw new Error(`All ${SLOTS} test servers in ${FOLDER} are in use.`)
}
