import { join } from 'node:path'
import type { Env } from '#platform/config'
import { isSeeded, seedDemoData } from './demo-data.ts'
import { waitUntilReady } from './http-probe.ts'
import { LocalRunError } from './local-errors.ts'
import {
  type SandboxAccess,
  sandboxAccess,
  sandboxEnvironment,
  serverEnvironment,
} from './program-environment.ts'
import type { StartContext } from './start-context.ts'
import { migrateDatabase, startDatabase } from './start-database.ts'
import { type Supervised, supervise } from './supervise.ts'

export interface StartedSystem {
  readonly databaseUrl: string
  readonly sandbox: SandboxAccess | undefined
  /** What was added to the operator's environment for the servers. */
  readonly environment: Env
}

interface Program {
  readonly name: string
  readonly args: readonly string[]
  readonly environment: Env
}

function startProgram(context: StartContext, program: Program): Promise<Supervised> {
  const { config, terminal, system, nowMs, onFailure } = context
  return supervise({
    plan: {
      ...program,
      cwd: config.repositoryRoot,
      logFile: join(config.dataDir, 'logs', `${program.name}.log`),
      echo: config.logToTerminal ? (line) => terminal.line(line) : undefined,
    },
    nowMs,
    onStart: (name, pid) => system.record(name, pid),
    onRestart: (name, reason) => terminal.line(`The ${name} ended (${reason}); starting it again.`),
    onGiveUp: onFailure,
  })
}

async function startSandbox(context: StartContext, access: SandboxAccess): Promise<void> {
  const { config, terminal, system, signal } = context
  const done = terminal.begin('sandbox')
  const sandbox = await startProgram(context, {
    name: 'sandbox',
    args: ['sandbox/src/main.ts', 'serve'],
    environment: sandboxEnvironment(config, access),
  })
  system.sandbox = sandbox
  // Any answer will do: what matters is that it listens.
  await waitUntilReady({
    name: 'sandbox',
    url: access.url,
    isReady: () => true,
    check: () => sandbox.check(),
    signal,
  })
  done(access.url)
}

async function startServers(context: StartContext, environment: Env): Promise<void> {
  const { config, terminal, system, signal } = context
  const done = terminal.begin('API and worker')
  const workerPort = String(config.workerMetricsPort)
  for (const [name, own] of [
    ['api', {}],
    ['worker', { METRICS_PORT: workerPort }],
  ] as const) {
    const program = {
      name,
      args: ['server/src/main.ts', name],
      environment: { ...environment, ...own },
    }
    system.servers.push(await startProgram(context, program))
  }
  const check = () => {
    for (const server of system.servers) server.check()
  }
  const api = `http://${config.probeHost}:${config.port}/health/ready`
  const worker = `http://127.0.0.1:${workerPort}/metrics`
  const isReady = (status: number) => status === 200
  await Promise.all([
    waitUntilReady({ name: 'API', url: api, isReady, check, signal }),
    waitUntilReady({ name: 'worker', url: worker, isReady, check, signal }),
  ])
  done(`http://127.0.0.1:${config.port}`)
}

async function ensureDemoData(context: StartContext, environment: Env, marker: string) {
  if (await isSeeded(marker)) return
  const { config, terminal, signal } = context
  const logFile = join(config.dataDir, 'logs', 'demo.log')
  const done = terminal.begin('demo data')
  try {
    await seedDemoData({ config, environment, logFile, marker, signal })
    done('listeners, listening history, demo login')
  } catch (error) {
    // Whoever has no use for the demo must not be kept from the rest by it.
    if (!(error instanceof LocalRunError)) throw error
    done('failed: the next start tries again')
    terminal.line(error.message)
  }
}

/** Waits for all, so that nothing is still starting when the first failure is dealt with. */
async function both<A, B>(left: Promise<A>, right: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([left, right])
  return Promise.all([left, right])
}

/**
 * Brings everything up, in the order of who needs whom. Whatever was started is noted in
 * `context.system` at once, so that a failure half-way can be undone by its `stop`.
 */
export async function startSystem(context: StartContext): Promise<StartedSystem> {
  const { config, secrets, system, signal } = context
  const sandbox = config.sandboxPort === undefined ? undefined : sandboxAccess(config.sandboxPort)
  const startRest = async () => {
    const database = await startDatabase(context)
    signal.throwIfAborted()
    await migrateDatabase(context, database.url)
    signal.throwIfAborted()
    const added = serverEnvironment({ config, secrets, databaseUrl: database.url, sandbox })
    await startServers(context, { ...config.environment, ...added })
    return { database, added }
  }
  // The servers are ready without their providers: the sandbox may take its time beside them.
  const [{ database, added }] = await both(
    startRest(),
    sandbox ? startSandbox(context, sandbox) : Promise.resolve(),
  )
  const environment = { ...config.environment, ...added }
  if (sandbox) await ensureDemoData(context, environment, database.demoMarker)
  for (const program of [...system.servers, ...(system.sandbox ? [system.sandbox] : [])]) {
    program.keepAlive()
  }
  return { databaseUrl: database.url, sandbox, environment: added }
}
