import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const HEARTBEAT_MS = 1000
/** A holder that has missed this much time is dead, or its pid now belongs to another process. */
const STALE_AFTER_MS = 20_000
const POLL_MS = 200
/** Two that find the same stale file may each remove it; the later removal hits the newer file. */
const SETTLE_MS = 100

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function isStale(file) {
  try {
    const ageMs = Date.now() - statSync(file).mtimeMs
    const pid = Number(readFileSync(file, 'utf8'))
    // An empty file was created an instant ago: its owner has not written its pid yet.
    return ageMs > STALE_AFTER_MS || (pid > 0 && !isAlive(pid))
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

function isOurs(file) {
  try {
    return readFileSync(file, 'utf8') === String(process.pid)
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

async function acquire(file, onWait) {
  let waiting = false
  for (;;) {
    if (tryCreate(file)) {
      await delay(SETTLE_MS)
      if (isOurs(file)) return
    } else if (isStale(file)) {
      rmSync(file, { force: true })
    } else {
      if (!waiting) onWait()
      waiting = true
      await delay(POLL_MS)
    }
  }
}

function tryCreate(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/**
 * Runs `work` while no other process runs it under the same file; waits for its turn.
 * `onWait` is called once when there is somebody to wait for.
 */
export async function withInstallLock(file, work, onWait) {
  mkdirSync(dirname(file), { recursive: true })
  await acquire(file, onWait)
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS)
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    process.off('exit', release)
    release()
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date())
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
