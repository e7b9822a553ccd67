import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import type { System } from '#compose'

const SANDBOX = resolve(import.meta.dirname, '../../../sandbox/src/main.ts')
const SWEEP_TIMEOUT_MS = 120_000

/** Gives a system the demo's listening history, the languages of its tracks, and a model. */
export async function seedListening({ history, language, training }: System): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'history-'))
  try {
    const file = join(folder, 'history.jsonl')
    await promisify(execFile)(process.execPath, [SANDBOX, 'history', '--out', file])
    const lines = createInterface({ input: createReadStream(file, 'utf8') })
    await history.importListenBrainz(lines, { origin: 'demo' })
    await language.sweep(AbortSignal.timeout(SWEEP_TIMEOUT_MS), () => {})
    await training.train()
  } finally {
    await rm(folder, { recursive: true })
  }
}
