import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
const children: ChildProcess[] = []

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function run(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  'says one line when it listens and ends cleanly on %s',
  async (signal) => {
    const child = run(['serve'], { SANDBOX_PORT: '0' })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    expect(line.toString()).toMatch(/^The sandbox listens on http:\/\/127\.0\.0\.1:\d+\n$/)
    const ended = exitCode(child)
    child.kill(signal)
    expect(await ended).toBe(0)
  },
)

it('lists all faults of its settings and exits with 2', async () => {
  const child = run(['serve'], { SANDBOX_PORT: 'x', SANDBOX_MODE: 'y' })
  const [code, message] = await Promise.all([exitCode(child), text(child.stderr)])
  expect(code).toBe(2)
  expect(message).toContain('SANDBOX_PORT')
  expect(message).toContain('SANDBOX_MODE')
})

it('writes the history as ListenBrainz lines', async () => {
  const out = join(folder, 'history.jsonl')
  expect(await exitCode(run(['history', '--out', out]))).toBe(0)
  const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
  expect(lines.length).toBeGreaterThanOrEqual(60_000)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ user_name: 'lucia' })
})
