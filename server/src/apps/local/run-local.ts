import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { ConfigError, type LocalConfig, readLocalConfig } from '#platform/config'
import { EmbeddedPostgresError } from '#platform/embedded-postgres'
import { errorCode } from '#platform/errors'
import { acquireProcessLock, startMarkOf } from '#platform/process-lock'
import { LocalRunError, StoppedEarlyError } from './local-errors.ts'
import { loadSecrets } from './local-secrets.ts'
import { requirePorts, type WantedPort } from './ports.ts'
import { type RunningSystem, runningSystem } from './running-system.ts'
import type { StartContext } from './start-context.ts'
import { startSystem } from './start-system.ts'
import { readProcesses, readState, removeState, writeState } from './state-files.ts'
import { listenForStop, type StopRequest } from './stop-request.ts'
import { endStrays } from './stray-programs.ts'
import { summary } from './summary.ts'
import { createTerminal, type Terminal } from './terminal.ts'

/** Programs without a supervisor end by themselves within this time, or are ended. */
const STRAY_GRACE_MS = 5_000
const DATABASE_CHECK_MS = 1_000

const nowMs = () => performance.now()

function wantedPorts(config: LocalConfig): WantedPort[] {
  const wanted = [
    { port: config.port, purpose: 'API', variable: 'PORT' },
    { port: config.metricsPort, purpose: 'metrics', variable: 'METRICS_PORT' },
    { port: config.workerMetricsPort, purpose: 'metrics of the worker', variable: 'METRICS_PORT' },
  ]
  if (config.sandboxPort === undefined) return wanted
  return [...wanted, { port: config.sandboxPort, purpose: 'sandbox', variable: 'SANDBOX_PORT' }]
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(join(dataDir, 'logs'), { recursive: true })
    await access(dataDir, constants.W_OK)
  } catch (cause) {
    const code = errorCode(cause) ?? 'unknown error'
    throw new LocalRunError(
      `The data folder ${dataDir} cannot be used (${code}). Mend that, or set DATA_DIR to another folder.`,
      { cause },
    )
  }
}

async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  await makeDataDir(dataDir)
  const lock = await acquireProcessLock(join(dataDir, 'instance.lock'))
  if (lock.acquired) return () => lock.release()
  const state = await readState(dataDir)
  const where = state?.pid === lock.owner.pid ? ` at ${state.apiUrl}` : ' (still starting)'
  throw new LocalRunError(
    `Music Language already runs on ${dataDir}, with pid ${lock.owner.pid}${where}.\n` +
      'Stop that one first (Ctrl-C there), or set DATA_DIR and PORT to run a second one beside it.',
  )
}

/** Resolves with what ends the run: undefined for the operator's wish, else the failure. */
function endOf(system: RunningSystem, request: StopRequest, failed: Promise<LocalRunError>) {
  const { promise: databaseLost, resolve } = Promise.withResolvers<LocalRunError>()
  const watch = setInterval(() => {
    const { postgres } = system
    if (!postgres || postgres.isRunning()) return
    resolve(new LocalRunError(`PostgreSQL ended by itself; see ${postgres.logFile}.`))
  }, DATABASE_CHECK_MS)
  const asked = new Promise<undefined>((resolveAsked) => {
    if (request.signal.aborted) resolveAsked(undefined)
    request.signal.addEventListener('abort', () => resolveAsked(undefined), { once: true })
  })
  return Promise.race([asked, failed, databaseLost]).finally(() => clearInterval(watch))
}

async function runLocked(config: LocalConfig, terminal: Terminal, request: StopRequest) {
  await endStrays(await readProcesses(config.dataDir), STRAY_GRACE_MS)
  await requirePorts(wantedPorts(config))
  const secrets = await loadSecrets(config.dataDir)
  const system = runningSystem(config.dataDir)
  const failure = Promise.withResolvers<LocalRunError>()
  const { signal } = request
  const context: StartContext = {
    config,
    secrets,
    terminal,
    system,
    signal,
    nowMs,
    onFailure: failure.resolve,
  }
  try {
    const { databaseUrl, sandbox, environment } = await startSystem(context)
    await writeState(config.dataDir, {
      apiUrl: `http://127.0.0.1:${config.port}`,
      metricsUrl: `http://127.0.0.1:${config.metricsPort}/metrics`,
      sandboxUrl: sandbox?.url,
      databaseUrl,
      environment,
      pid: process.pid,
      startMark: startMarkOf(process.pid) ?? '',
      startedAt: new Date().toISOString(),
    })
    terminal.close()
    const { demoPassword } = secrets
    terminal.line(
      summary({ config, sandboxUrl: sandbox?.url, demoPassword, readyAfterMs: nowMs() }),
    )
    const error = await endOf(system, request, failure.promise)
    if (error) throw error
  } finally {
    terminal.close()
    terminal.line('Stopping …')
    await system.stop(request)
    await removeState(config.dataDir)
    terminal.line('Stopped.')
  }
}

function explain(error: unknown): string {
  if (errorCode(error) === 'ENOSPC') return 'The disk is full. Free some space, then start again.'
  const isExpected = [LocalRunError, EmbeddedPostgresError, ConfigError].some(
    (kind) => error instanceof kind,
  )
  return isExpected && error instanceof Error ? error.message : inspect(error)
}

/**
 * Runs the whole system on this machine until it is asked to stop; sets the process's exit code
 * to 1 when it could not run or something in it failed for good, to 2 when it is configured wrongly.
 */
export async function runLocal(): Promise<void> {
  // A closed terminal (SIGHUP) must not keep us from stopping in order.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
  const { stdout } = process
  const output = {
    isTerminal: stdout.isTTY === true,
    // Some terminals say 0.
    columns: stdout.columns || 80,
    write: (text: string) => void stdout.write(text),
  }
  const terminal = createTerminal(output, nowMs)
  const request = listenForStop(nowMs)
  try {
    const config = readLocalConfig()
    const unlock = await lockDataDir(config.dataDir)
    try {
      await runLocked(config, terminal, request)
    } finally {
      await unlock()
    }
  } catch (error) {
    terminal.close()
    if (!(error instanceof StoppedEarlyError)) {
      process.stderr.write(`\n${explain(error)}\n`)
      process.exitCode = error instanceof ConfigError ? 2 : 1
    }
  } finally {
    request.dispose()
  }
}
