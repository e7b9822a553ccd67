// The first step of every command. Plain JavaScript without dependencies, because it runs on
// Node 20 before anything is installed; everything after it runs on Node 24 or later.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Halt } from './halt.mjs'
import { ensureInstalled } from './install.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const LEAST_LAUNCHER_MAJOR = 20
const LEAST_NODE_MAJOR = 24
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** Exit code of a process ended by a signal, as shells report it: 128 + the signal's number. */
const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGKILL: 137, SIGTERM: 143 }

const COMMANDS = {
  start: (rest) => ({ args: ['server/src/main.ts', 'start', ...rest], cwd: ROOT }),
  test: (rest) => ({ args: ['node_modules/vitest/vitest.mjs', 'run', ...rest], cwd: ROOT }),
  cli: (rest) => ({
    args: ['server/src/main.ts', 'cli', ...rest],
    // npm changes to the package's folder; the caller's relative file names are meant from here.
    cwd: process.env.INIT_CWD || process.cwd(),
  }),
}

function major(version) {
  return Number(version.split('.')[0])
}

/** The Node that runs our TypeScript sources: the one npm installed, else this one if new enough. */
function findNode() {
  const installed = join(ROOT, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
  if (existsSync(installed)) return installed
  if (major(process.versions.node) >= LEAST_NODE_MAJOR) return process.execPath
  throw new Halt(
    `Node ${LEAST_NODE_MAJOR} or later is needed, and this is Node ${process.versions.node}.`,
    `npm brings Node ${LEAST_NODE_MAJOR} along only for Linux on x64 and arm64; this is ${process.platform} on ${process.arch}.`,
    `Install Node ${LEAST_NODE_MAJOR} from https://nodejs.org and run the same command again.`,
  )
}

function forwardSignals(child) {
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole foreground group, so the child already has it.
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    })
  }
}

/** Ends the child when npm, our parent, was killed: nobody would be left to end it. */
function watchParent(child) {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, 1000)
  watch.unref()
}

/** Compiled code is kept between runs, which takes a third off the time that a start takes. */
function environment(command) {
  if (command === 'test') return process.env
  return { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/music-language'), ...process.env }
}

function run(node, command, { args, cwd }) {
  const [script, ...rest] = args
  // The channel lets the child see that this process is gone, however it ended.
  const stdio = command === 'start' ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit'
  const child = spawn(node, [join(ROOT, script), ...rest], {
    cwd,
    stdio,
    env: environment(command),
  })
  forwardSignals(child)
  watchParent(child)
  child.on('error', (error) => {
    fail(
      new Halt(
        `${node} could not be run: ${error.message}`,
        'The Node that npm brings along needs glibc (it does not run on Alpine Linux).',
        `Install Node ${LEAST_NODE_MAJOR} from https://nodejs.org, remove node_modules/node-*, and run the same command again.`,
      ),
    )
  })
  child.on('exit', (code, signal) => {
    process.exit(code ?? SIGNAL_EXIT[signal] ?? 1)
  })
}

function fail(error) {
  if (!(error instanceof Halt)) throw error
  process.stderr.write(`\n${error.message}\n`)
  process.exit(1)
}

async function main() {
  const [command = '', ...rest] = process.argv.slice(2)
  const plan = Object.hasOwn(COMMANDS, command) ? COMMANDS[command](rest) : undefined
  if (!plan) {
    process.stderr.write('Usage: node scripts/run.mjs start | test [args] | cli <command> [args]\n')
    process.exit(2)
  }
  if (major(process.versions.node) < LEAST_LAUNCHER_MAJOR) {
    throw new Halt(
      `Node ${LEAST_LAUNCHER_MAJOR} or later is needed, and this is Node ${process.versions.node}.`,
      'Install a current Node from https://nodejs.org and run the same command again.',
    )
  }
  await ensureInstalled(ROOT)
  run(findNode(), command, plan)
}

main().catch(fail)
