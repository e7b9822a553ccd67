import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { importsOf } from './module-imports.ts'
import { sourceFiles } from './source-files.ts'

const value = (specifier: string) => ({ specifier, typeOnly: false })
const type = (specifier: string) => ({ specifier, typeOnly: true })

describe('importsOf', () => {
  it('reads each statement for itself, though no semicolon parts them', () => {
    const text = `
      import type { A } from 'a'
      import b, { type B } from "b"
      import * as c from 'c'
      import type D from 'd'
      import 'e'
      export { f } from 'f'
      export type * from 'g'
      export const h = async () => (await import('h')).h
      export { i }
      const { url } = import.meta`
    expect(importsOf(text)).toEqual([
      type('a'),
      value('b'),
      value('c'),
      type('d'),
      value('e'),
      value('f'),
      type('g'),
      value('h'),
    ])
  })

  it('is not led astray by quotes, slashes and braces in what surrounds an import', () => {
    const surroundings = [
      `const q = "it's"`,
      `// it's`,
      `/* \` ' " */`,
      `const t = \`{\${\`}\${{ a: 1 }.a}\`}'\``,
      `const r = /['"\`/]/.test(x) ? a / b : c / 2`,
      `const o = { import: 1, export: 2, from: 'x' }`,
      `function f() { return /}'/g }`,
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(surroundings), fc.nat(6), (lines, at) => {
        const text = lines.toSpliced(at, 0, `import { a } from 'found'`).join('\n')
        expect(importsOf(text)).toEqual([value('found')])
      }),
    )
  })

  it('finds as many statements in this project as lines begin with one', () => {
    for (const { path, text } of sourceFiles('server/src/platform', 'server/src/providers')) {
      const lines = text.match(/^(?:import\b(?!\()|export (?:type )?(?:\*|\{).*(?:from|$))/gm) ?? []
      expect(importsOf(text).length, path).toBeGreaterThanOrEqual(lines.length)
    }
  })
})
