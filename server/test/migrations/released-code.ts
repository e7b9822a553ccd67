import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const REPOSITORY = resolve(import.meta.dirname, '../../..')
const ENDS_WITHIN_MS = 10_000

/** The server that was released last, as `npm run release:keep` put it there. */
const RELEASED = join(REPOSITORY, 'server/migrations/released.tgz')

export interface ReleasedCode {
  /** Runs one of its programs, to the end. */
  run(args: readonly string[], environment: Record<string, string>): Promise<void>
  /** Starts its API. */
  startApi(environment: Record<string, string>): Promise<{ url: string; stop(): Promise<void> }>
  remove(): Promise<void>
}

/** Unpacks the released code into a folder of its own, on the packages installed here. */
export async function extractRelease(): Promise<ReleasedCode> {
  const folder = await mkdtemp(join(tmpdir(), 'released-'))
  const code = join(folder, 'code')
  mkdirSync(code)
  const execute = promisify(execFile)
  await execute('tar', ['-xzf', RELEASED, '-C', code])
  for (const packages of ['node_modules', 'server/node_modules']) {
    await symlink(join(REPOSITORY, packages), join(code, packages))
  }
  const main = join(code, 'server/src/main.ts')
  const begin = (args: readonly string[], environment: Record<string, string>) =>
    spawn(process.execPath, [main, ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  return {
    async run(args, environment) {
      await execute(process.execPath, [main, ...args], { env: environment })
    },

    async startApi(environment) {
      const program = begin(['api'], { ...environment, PORT: '0', METRICS_PORT: '0' })
      const exited = once(program, 'exit')
      let errors = ''
      program.stderr.on('data', (chunk: Buffer) => {
        errors += chunk.toString()
      })
      const listening = Promise.withResolvers<string>()
      createInterface(program.stdout).on('line', (line) => {
        const { message, url } = JSON.parse(line) as { message?: string; url?: string }
        if (message === 'API is listening' && url !== undefined) listening.resolve(url)
      })
      const ended = exited.then(() => {
        throw new Error(`the released API ended at its start: ${errors}`)
      })
      return {
        url: await Promise.race([listening.promise, ended]),
        async stop() {
          // The race above is over: its end is expected from here on.
          ended.catch(() => undefined)
          program.kill('SIGTERM')
          const timer = setTimeout(() => program.kill('SIGKILL'), ENDS_WITHIN_MS)
          await exited
          clearTimeout(timer)
        },
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
