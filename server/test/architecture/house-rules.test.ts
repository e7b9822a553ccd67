import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isTest, REPOSITORY, type SourceFile, sourceFiles } from './source-files.ts'

const server = sourceFiles('server/src')
const sandbox = sourceFiles('sandbox/src')
const production = [...server, ...sandbox].filter((file) => !isTest(file))
const lineCount = ({ text }: SourceFile) => text.split('\n').length - 1
const naming = (files: readonly SourceFile[], pattern: RegExp) =>
  files.filter(({ text }) => pattern.test(text)).map(({ path }) => path)

describe('house rules', () => {
  it('keep files short: none over 300 lines, half of them under 80', () => {
    const all = [...server, ...sandbox, ...sourceFiles('server/test')]
    expect(all.filter((file) => lineCount(file) > 300).map(({ path }) => path)).toEqual([])
    const sizes = production.map(lineCount).toSorted((a, b) => a - b)
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(80)
  })

  it('read the environment in one place only', () => {
    const elsewhere = server.filter(({ path }) => !path.startsWith('server/src/platform/config/'))
    expect(
      naming(
        elsewhere.filter((file) => !isTest(file)),
        /process\.env\b/,
      ),
    ).toEqual([])
  })

  it('keep the sandbox unknown to the code that talks to providers', () => {
    const clients = production.filter(({ path }) =>
      /^server\/src\/(domains|providers|compose\.ts|apps\/(api|worker))/.test(path),
    )
    expect(clients.length).toBeGreaterThan(20)
    expect(naming(clients, /sandbox/i)).toEqual([])
  })

  it('keep the server unknown to the sandbox', () => {
    expect(naming(sandbox, /#platform|#domains|music-language\/server|\.\.\/server\//)).toEqual([])
  })

  it('give every domain a face that opens with what it does and owns', () => {
    const faces = production.filter(({ path }) =>
      /^server\/src\/domains\/[^/]+\/index\.ts$/.test(path),
    )
    for (const { path, text } of faces) expect(text, path).toMatch(/^\/\*\*[\s\S]{20,}?(Owns|owns)/)
  })
})

describe('error codes', () => {
  const pages = join(REPOSITORY, 'docs/errors')
  const codes = new Set(
    production.flatMap(({ text }) =>
      Array.from(text.matchAll(/\bcode: '([a-z_]+\.[a-z_]+)'/g), (m) => m[1] ?? ''),
    ),
  )

  it('each have a page', () => {
    const missing = [...codes].filter((code) => !existsSync(join(pages, `${code}.md`)))
    expect(missing).toEqual([])
  })

  it('are all that there are pages of', () => {
    const stale = readdirSync(pages).filter(
      (name) => name !== 'README.md' && !codes.has(name.replace(/\.md$/, '')),
    )
    expect(stale).toEqual([])
  })
})

describe('stores', () => {
  const tablesOf = new Map<string, Set<string>>()
  for (const name of readdirSync(join(REPOSITORY, 'server/migrations'))) {
    const domain = name.split('_')[1] ?? ''
    const text = readFileSync(join(REPOSITORY, 'server/migrations', name), 'utf8')
    const made = Array.from(
      text.matchAll(/create table (?:if not exists )?([a-z_]+)/gi),
      (m) => m[1] ?? '',
    )
    tablesOf.set(domain, new Set([...(tablesOf.get(domain) ?? []), ...made]))
  }

  it('touch only their own domain’s tables', () => {
    const foreign: string[] = []
    for (const { path, text } of production) {
      const domain = /^server\/src\/domains\/([^/]+)\//.exec(path)?.[1]
      if (domain === undefined) continue
      for (const [owner, tables] of tablesOf) {
        if (owner === domain) continue
        const used = [...tables].filter((table) =>
          new RegExp(
            `(?:From|into|Table|Join)\\w*\\(\\s*['"\`]${table}\\b|(?:from|join|into|update)\\s+${table}\\b\\s`,
            'i',
          ).test(text),
        )
        foreign.push(...used.map((table) => `${path} touches ${owner}’s ${table}`))
      }
    }
    expect(foreign).toEqual([])
  })

  it('are typed with their own tables', () => {
    const loose = production.filter(
      ({ path, text }) =>
        path.startsWith('server/src/domains/') && /Kysely<(?:unknown|any|Database)>/.test(text),
    )
    expect(loose.map(({ path }) => path)).toEqual([])
  })
})
