import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isSameProcess, startMarkOf } from './process-identity.ts'
import { acquireProcessLock } from './process-lock.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-lock-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function endedProcess(): Promise<{ pid: number; startMark: string }> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'])
  const pid = child.pid ?? 0
  const startMark = startMarkOf(pid) ?? ''
  child.kill('SIGKILL')
  await once(child, 'exit')
  return { pid, startMark }
}

describe('acquireProcessLock', () => {
  it('refuses a second owner and names the first', async () => {
    const first = await acquireProcessLock(join(folder, 'lock'))
    const second = await acquireProcessLock(join(folder, 'lock'))

    expect(first.acquired).toBe(true)
    expect(second).toMatchObject({ acquired: false, owner: { pid: process.pid } })
  })

  it('lets exactly one of many rivals in', async () => {
    await writeFile(join(folder, 'lock.1'), JSON.stringify(await endedProcess()))

    const rivals = await Promise.all(
      Array.from({ length: 12 }, () => acquireProcessLock(join(folder, 'lock'))),
    )

    expect(rivals.filter((rival) => rival.acquired)).toHaveLength(1)
  })

  it('is free again after release and leaves no file behind', async () => {
    const lock = await acquireProcessLock(join(folder, 'lock'))
    if (lock.acquired) await lock.release()

    expect(await readdir(folder)).toEqual([])
    expect(await acquireProcessLock(join(folder, 'lock'))).toMatchObject({ acquired: true })
  })

  it('takes the place of an owner that was killed', async () => {
    await writeFile(join(folder, 'lock.7'), JSON.stringify(await endedProcess()))

    expect(await acquireProcessLock(join(folder, 'lock'))).toMatchObject({ acquired: true })
    expect(await readdir(folder)).toEqual(['lock.8'])
  })

  it('is not fooled by another process that now has the pid of a dead owner', async () => {
    const owner = { pid: process.pid, startMark: 'another boot:1' }
    await writeFile(join(folder, 'lock.1'), JSON.stringify(owner))

    expect(await acquireProcessLock(join(folder, 'lock'))).toMatchObject({ acquired: true })
  })

  it('takes the place of an owner whose file was cut short', async () => {
    await writeFile(join(folder, 'lock.1'), '{"pid":')

    expect(await acquireProcessLock(join(folder, 'lock'))).toMatchObject({ acquired: true })
  })
})

describe('isSameProcess', () => {
  it('knows a running process and denies one that has ended', async () => {
    expect(isSameProcess(process.pid, startMarkOf(process.pid) ?? '')).toBe(true)
    const ended = await endedProcess()
    expect(isSameProcess(ended.pid, ended.startMark)).toBe(false)
  })
})
