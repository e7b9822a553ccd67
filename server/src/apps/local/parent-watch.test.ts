import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { isSameProcess, startMarkOf } from '#platform/process-lock'
import { endStrays } from './stray-programs.ts'

const importLine = (name: string, file: string) =>
  `import { ${name} } from ${JSON.stringify(join(import.meta.dirname, file))}`

/** A supervisor in a process of its own, with one program; prints the program's pid when it is up. */
function supervisor(folder: string, program: string) {
  const plan = { name: 'program', cwd: folder, environment: {}, logFile: join(folder, 'log') }
  const script = `
    ${importLine('startProgram', 'program.ts')}
    const args = ['--input-type=module', '-e', ${JSON.stringify(program)}]
    const program = await startProgram({ ...${JSON.stringify(plan)}, args })
    console.log(program.pid)
    setInterval(() => undefined, 1000)
  `
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: import.meta.dirname,
  })
}

async function killedSupervisor(program: string) {
  const folder = await mkdtemp(join(tmpdir(), 'parent-watch-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const parent = supervisor(folder, program)
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string]
  const pid = Number(line)
  const record = { name: 'program', pid, startMark: startMarkOf(pid) ?? '' }
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  return { folder, record }
}

it('lets a program stop in order when its supervisor is killed', async () => {
  const { folder, record } = await killedSupervisor(`
    ${importLine('exitWithParent', '../parent-watch.ts')}
    exitWithParent(async () => console.log('stopped in order'))
    setInterval(() => undefined, 1000)
  `)
  await expect
    .poll(() => isSameProcess(record.pid, record.startMark), { timeout: 10_000, interval: 20 })
    .toBe(false)

  expect(await readFile(join(folder, 'log'), 'utf8')).toBe('stopped in order\n')
})

it('ends a program that outlived its supervisor, and leaves a stranger with a reused pid alone', async () => {
  const { record } = await killedSupervisor('setInterval(() => undefined, 1000)')
  const stranger = { name: 'stranger', pid: process.pid, startMark: 'another boot:1' }
  await endStrays([record, stranger], 5_000)

  expect(isSameProcess(record.pid, record.startMark)).toBe(false)
})
