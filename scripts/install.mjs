import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Halt } from './halt.mjs'
import { withInstallLock } from './install-lock.mjs'

const STAMP = 'node_modules/.music-language-lock'
/** Dev and optional packages whatever NODE_ENV says: Node itself and PostgreSQL are optional ones. */
const NPM_ARGS = [
  'ci',
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--loglevel=error',
  '--no-audit',
  '--no-fund',
  '--no-progress',
]

const CAUSES = [
  [/ENOSPC|no space left/i, 'The disk is full: free about 1 GB and run the same command again.'],
  [/EACCES|EPERM/, 'This user may not write here: check who owns the folder and node_modules.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|network/i,
    'The npm registry could not be reached: check the network (or the `registry` and `proxy` settings of npm) and run the same command again.',
  ],
  [/EINTEGRITY/, 'A download was damaged: run `npm cache clean --force`, then the same command.'],
  [/EUSAGE|not in sync/, 'package.json and package-lock.json disagree: run `npm install`.'],
]

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function isStamped(root, hash) {
  try {
    return readFileSync(join(root, STAMP), 'utf8').trim() === hash
  } catch {
    return false
  }
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
  } catch {
    return {}
  }
}

/** Whether a plain `npm install` already made the tree that the lockfile describes. */
function isTreeCurrent(root) {
  const installed = packagesOf(join(root, 'node_modules/.package-lock.json'))
  const wanted = packagesOf(join(root, 'package-lock.json'))
  if (Object.keys(installed).length === 0) return false
  const same = (path) =>
    installed[path]?.version === wanted[path]?.version &&
    installed[path]?.integrity === wanted[path]?.integrity
  const isRequired = (path) => path.startsWith('node_modules/') && !wanted[path].optional
  return (
    Object.keys(installed).every((path) => path in wanted && same(path)) &&
    Object.keys(wanted).every((path) => !isRequired(path) || path in installed) &&
    hasPlatformPackages(root, wanted)
  )
}

function hasPlatformPackages(root, wanted) {
  const path = `node_modules/node-${process.platform}-${process.arch}`
  return !(path in wanted) || existsSync(join(root, path))
}

/**
 * npm as a command: the very npm that started us when there is one, else the one on the PATH.
 * @returns {[command: string, args: string[]]}
 */
function npmCommand() {
  const script = process.env.npm_execpath ?? ''
  if (/^npm(-cli)?\.c?js$/.test(basename(script))) return [process.execPath, [script]]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
}

function startNpm(root) {
  const [command, before] = npmCommand()
  return spawn(command, [...before, ...NPM_ARGS], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
}

function runNpm(root) {
  return new Promise((resolve, reject) => {
    const child = startNpm(root)
    const chunks = []
    const stop = (signal) => child.kill(signal)
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.on('error', (error) => reject(npmMissing(error)))
    child.on('close', (code) => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      if (code === 0) resolve()
      else reject(installFailed(Buffer.concat(chunks).toString('utf8').trim(), code))
    })
  })
}

function npmMissing(error) {
  return new Halt(
    `npm could not be run: ${error.message}`,
    'Install npm (it comes with Node from https://nodejs.org) and run the same command again.',
  )
}

function installFailed(output, code) {
  const cause = CAUSES.find(([pattern]) => pattern.test(output))
  return new Halt(
    `${output}\n\nThe dependencies could not be installed (npm ci ended with ${code ?? 'a signal'}).`,
    cause ? cause[1] : 'What npm said is above. `npm ci` in this folder shows it again.',
  )
}

/** Says that work goes on: a counting line on a terminal, one plain line elsewhere. */
function showProgress(text) {
  if (!process.stderr.isTTY) {
    process.stderr.write(`${text}\n`)
    return () => {}
  }
  const startedMs = Date.now()
  const show = () => {
    process.stderr.write(`\r${text} ${Math.round((Date.now() - startedMs) / 1000)} s `)
  }
  show()
  const timer = setInterval(show, 1000)
  return () => {
    clearInterval(timer)
    process.stderr.write('\n')
  }
}

/**
 * Installs the dependencies unless the installed tree is the lockfile's already.
 * Speaks on standard error only: a command's standard output belongs to that command.
 */
export async function ensureInstalled(root) {
  const hash = lockHash(root)
  if (isStamped(root, hash)) return
  await withInstallLock(
    join(root, '.data/install.lock'),
    async () => {
      // Whoever was waited for may have installed this very tree.
      if (isStamped(root, hash)) return
      if (!isTreeCurrent(root)) await install(root)
      writeFileSync(join(root, STAMP), `${hash}\n`)
    },
    () =>
      process.stderr.write('Waiting: the dependencies are being installed by another command.\n'),
  )
}

async function install(root) {
  const done = showProgress('Installing the dependencies (the first time: a minute or two) …')
  try {
    await runNpm(root)
  } finally {
    done()
  }
}
