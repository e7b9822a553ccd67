import { resolve } from 'node:path'
import { runServer, type Server, serverFolder } from '#servers'

export type Role = 'api' | 'worker' | 'reco'

/** One process of ours, which can be killed, frozen and started again like a server. */
export interface AppProcess extends Server {
  readonly name: string
  readonly role: Role
  /** Where it serves HTTP; a worker serves none. */
  readonly url: string
}

export interface AppProcessOptions {
  readonly name: string
  readonly role: Role
  readonly port: number
  /** Another program than ours, which serves metrics as a worker does. */
  readonly program?: string
  readonly env: Readonly<Record<string, string>>
}

const MAIN = resolve(import.meta.dirname, '../../src/main.ts')
/** As `npm run` has it: a program starts in half the time when its code is compiled already. */
const COMPILED = resolve(import.meta.dirname, '../../../node_modules/.cache/music-language')
const PORT_VARIABLE = { api: 'PORT', reco: 'RECO_PORT', worker: 'METRICS_PORT' }
const PROBE_PATH = { api: '/health/ready', reco: '/health/ready', worker: '/metrics' }
const PROBE_TIMEOUT_MS = 3_000
const START_WITHIN_MS = 45_000

/** Starts one process of ours; resolves when it is ready. */
export async function startAppProcess(options: AppProcessOptions): Promise<AppProcess> {
  const { name, role, port, env, program } = options
  const url = `http://127.0.0.1:${port}`
  const server = await runServer({
    name,
    command: process.execPath,
    args: program === undefined ? [MAIN, role] : [program],
    port,
    folder: serverFolder(name),
    startWithinMs: START_WITHIN_MS,
    env: {
      NODE_COMPILE_CACHE: COMPILED,
      METRICS_PORT: '0',
      ...env,
      [PORT_VARIABLE[role]]: String(port),
    },
    async probe() {
      const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS)
      const answer = await fetch(`${url}${PROBE_PATH[role]}`, { signal })
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
      await answer.body?.cancel()
    },
  })
  return Object.assign(server, { name, role, url })
}
