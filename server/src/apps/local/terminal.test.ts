import { expect, it } from 'vitest'
import { createTerminal } from './terminal.ts'

function recorder(isTerminal: boolean) {
  const written: string[] = []
  const output = { isTerminal, columns: 40, write: (text: string) => void written.push(text) }
  let atMs = 0
  const terminal = createTerminal(output, () => atMs)
  const pass = (ms: number) => {
    atMs += ms
  }
  return { terminal, written, pass }
}

it('writes one plain line a step where there is no terminal', () => {
  const { terminal, written, pass } = recorder(false)
  const done = terminal.begin('schema')
  pass(1300)
  done('up to date')

  expect(written.join('')).toBe('  ✓ schema          1.3 s   up to date\n')
})

it('keeps unfinished steps on one rewritten line of a terminal, no wider than it', () => {
  const { terminal, written } = recorder(true)
  const finished = ['database', 'sandbox', 'a step with a long name of its own'].map(terminal.begin)
  const longest = Math.max(...written.map((text) => text.replace('\r\u001b[K', '').length))

  expect(written.at(1)).toBe('\r\u001b[K  … database, sandbox')
  expect(longest).toBe(39)
  for (const done of finished) done('')
  expect(written.at(-1)).toBe('\r\u001b[K')
})
