import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NginxServer, sparePort, startNginx } from '#servers'
import {
  type AppProcess,
  type AppProcessOptions,
  type Role,
  startAppProcess,
} from './app-process.ts'
import { type Dependencies, type DependencyOptions, startDependencies } from './dependencies.ts'
import { type Link, wire } from './wiring.ts'

export interface FleetOptions extends DependencyOptions {
  readonly apis: number
  readonly workers: number
  /** Recommendations in a process of their own, which the API asks over HTTP. */
  readonly reco?: boolean
  /** Other programs that serve metrics as a worker does. */
  readonly also?: readonly { readonly name: string; readonly program: string }[]
  /** A fault proxy between every process and each of its dependencies. */
  readonly proxied?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** What only the process of this name gets. */
  readonly envOf?: (name: string) => Promise<Readonly<Record<string, string>>>
  /** Default: a new folder, which is removed in the end. */
  readonly dataDir?: string
}

/** The system as it runs on many machines: processes of every role behind one nginx. */
export interface Fleet extends Dependencies {
  readonly nginx: NginxServer
  readonly apis: readonly AppProcess[]
  readonly workers: readonly AppProcess[]
  readonly reco: AppProcess | undefined
  readonly processes: readonly AppProcess[]
  readonly links: readonly Link[]
  /** The environment of its processes, past all proxies: for what joins it in this process. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Nginx must know somebody, and does not mind that he never answers. */
const NOBODY = '127.0.0.1:9'
const KEY = Buffer.alloc(32, 7).toString('base64')

const providers = (sandboxUrl: string) => ({
  SPOTIFY_ACCOUNTS_URL: `${sandboxUrl}/spotify/accounts`,
  SPOTIFY_API_URL: `${sandboxUrl}/spotify/api/v1`,
  SPOTIFY_CLIENT_ID: 'sandbox-client',
  SPOTIFY_CLIENT_SECRET: 'sandbox-secret',
  GENIUS_API_URL: `${sandboxUrl}/genius`,
  GENIUS_ACCESS_TOKEN: 'sandbox-genius-token',
})

async function inOrder(undo: (() => Promise<unknown>)[]): Promise<void> {
  for (const step of undo.splice(0).toReversed()) await step()
}

interface Plan extends Omit<AppProcessOptions, 'env'> {
  readonly role: Role
}

async function planOf(options: FleetOptions): Promise<Plan[]> {
  const count = { api: options.apis, worker: options.workers, reco: options.reco === true ? 1 : 0 }
  const plan: Plan[] = []
  for (const role of ['reco', 'api', 'worker'] as const) {
    for (let index = 1; index <= count[role]; index += 1) {
      plan.push({ name: `${role}-${index}`, role, port: await sparePort() })
    }
  }
  for (const { name, program } of options.also ?? []) {
    plan.push({ name, program, role: 'worker', port: await sparePort() })
  }
  return plan
}

/** As a deployment does it: nobody waits for another. Fills `started`, also when one fails. */
async function startTogether(plan: AppProcessOptions[], started: AppProcess[]): Promise<void> {
  const starts = await Promise.allSettled(plan.map(startAppProcess))
  started.push(...starts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
  const failed = starts.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

/** Starts everything and resolves when every process is ready. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const undo: (() => Promise<unknown>)[] = []
  try {
    const dependencies = await startDependencies(options)
    undo.push(() => dependencies.close())
    const ownDir = await mkdtemp(join(tmpdir(), 'fleet-'))
    undo.push(() => rm(ownDir, { recursive: true, force: true }))

    const plan = await planOf(options)
    const addresses = (role: Role) =>
      plan.filter((one) => one.role === role).map(({ port }) => `127.0.0.1:${port}`)
    const nginx = await startNginx(options.apis === 0 ? [NOBODY] : addresses('api'))
    undo.push(() => nginx.stop())
    const [recoAddress] = addresses('reco')
    const shared = {
      APP_SECRET: KEY,
      TOKEN_ENCRYPTION_KEYS: `test:${KEY}`,
      DATA_DIR: options.dataDir ?? ownDir,
      PUBLIC_URL: nginx.url,
      TRUSTED_PROXIES: '127.0.0.1/32',
      LOG_LEVEL: 'warn',
      ...providers(dependencies.sandbox.url),
      ...options.env,
    }
    const links: Link[] = []
    const processes: AppProcess[] = []
    undo.push(
      () => Promise.all(links.map(({ proxy }) => proxy.close())),
      () => Promise.all(processes.map((one) => one.stop())),
    )
    const equipped: AppProcessOptions[] = []
    for (const one of plan) {
      const env = {
        ...shared,
        ...(await wire(one.name, dependencies, options.proxied === true ? links : undefined)),
        ...(one.role === 'api' &&
          recoAddress !== undefined && { RECO_URL: `http://${recoAddress}` }),
        ...(await options.envOf?.(one.name)),
      }
      equipped.push({ ...one, env })
    }
    await startTogether(equipped, processes)
    const having = (role: Role) => processes.filter((one) => one.role === role)
    return {
      ...dependencies,
      nginx,
      processes,
      apis: having('api'),
      workers: having('worker'),
      reco: having('reco')[0],
      links,
      env: { ...shared, ...(await wire('test', dependencies, undefined)) },
      close: () => inOrder(undo),
    }
  } catch (error) {
    await inOrder(undo)
    throw error
  }
}
