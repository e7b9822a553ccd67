import { describe, expect, it } from 'vitest'
import { isTest, sourceFiles } from './source-files.ts'
import { DOMAINS, violationsOf } from './walls.ts'

const sources = sourceFiles('server/src').filter((file) => !isTest(file))

describe('the walls between modules', () => {
  it('stand', () => {
    expect(sources.flatMap(violationsOf)).toEqual([])
  })

  it('allow no cycle: a row names only rows above it', () => {
    const seen = new Set<string>()
    for (const [domain, allowed] of Object.entries(DOMAINS)) {
      for (const other of allowed) expect(seen, `${domain} → ${other}`).toContain(other)
      seen.add(domain)
    }
  })

  it('know every domain there is', () => {
    const folders = sources.flatMap(
      ({ path }) => /^server\/src\/domains\/([^/]+)\//.exec(path)?.[1] ?? [],
    )
    expect(Object.keys(DOMAINS).toSorted()).toEqual([...new Set(folders)].toSorted())
  })

  it.each([
    ['domains/profile/x.ts', `import { musicStore } from '#domains/music'`, 'may not import'],
    ['domains/identity/x.ts', `import type { Profile } from '#domains/profile'`, 'may not import'],
    [
      'domains/profile/x.ts',
      `import { store } from '../identity/identity.store.ts'`,
      'public face',
    ],
    ['domains/music/x.ts', `export { x } from '../../platform/db/migrate.ts'`, 'public face'],
    ['domains/music/x.ts', `import { compose } from '#compose'`, 'may not import'],
    ['domains/music/x.ts', `import { spotifyProvider } from '#providers'`, 'may not import'],
    ['domains/music/x.ts', `const x = await import('#domains/lyrics')`, 'may not import'],
    ['platform/cache/x.ts', `import type { Music } from '#domains/music'`, 'may not import'],
    ['providers/spotify/x.ts', `import { trackCatalogue } from '#domains/music'`, 'may not import'],
    [
      'providers/spotify/x.ts',
      `import { geniusProvider } from '../genius/index.ts'`,
      'may not import',
    ],
    ['apps/api/x.ts', `import { musicStore } from '#domains/music'`, 'may not import'],
    [
      'domains/music/x.ts',
      `import { startSandbox } from '../../../../sandbox/src/index.ts'`,
      'outside src',
    ],
    ['domains/music/x.ts', `import { createTestApp } from '#test'`, 'outside src'],
    ['domains/profile/x.ts', `import { accounts } from '#domains/identity/deep'`, 'public face'],
    ['domains/music/x.ts', 'const x = await import(`#domains/lyrics`)', 'may not import'],
    ['domains/music/x.ts', `const x = await import(chosen)`, 'hides'],
  ])('bite: %s with %s', (path, text, complaint) => {
    expect(violationsOf({ path: `server/src/${path}`, text })).toEqual([
      expect.stringContaining(complaint),
    ])
  })

  it.each([
    [
      'a type of the same module first',
      `import type { Query } from '#domains/music'\nimport { store } from '#domains/music'`,
    ],
    [
      'a type of another module first',
      `import type { Clock } from '#platform/clock'\nimport { store } from '#domains/music'`,
    ],
    [
      'a type of another module after it',
      `import { store } from '#domains/music'\nimport type { Clock } from '#platform/clock'`,
    ],
    ['inline types beside a value', `import { type Query, store } from '#domains/music'`],
    ['inline types alone, which load the module', `import { type Query } from '#domains/music'`],
    ['several lines', `import {\n  type Query,\n  store,\n} from '#domains/music'`],
    ['a comment with a quote', `import {\n  // the listener's\n  store,\n} from '#domains/music'`],
    ['a value named type', `import type from '#domains/music'`],
    ['an import for its effect', `import '#domains/music'`],
    ['a re-export', `export type { A } from './a.ts'\nexport { store } from '#domains/music'`],
    ['a re-export of everything', `export * from '#domains/music'`],
  ])('see a value that is imported beside types: %s', (_case, text) => {
    expect(violationsOf({ path: 'server/src/providers/spotify/x.ts', text })).toEqual([
      expect.stringContaining('may not import'),
    ])
  })

  it.each([
    `import type { Query } from '#domains/music'\nimport { request } from '#platform/outbound'`,
    `import type {\n  Query,\n  Track,\n} from '#domains/music'\nimport { x } from './x.ts'`,
    `import type * as music from '#domains/music'`,
    `export type { Query } from '#domains/music'`,
    `// import { store } from '#domains/music'`,
    `/** Not "import { store } from '#domains/music'". */`,
    'const text = `import { store } from "#domains/music"`',
    `const pattern = /import { a } from '#domains[/]music'/`,
  ])('let types and mere words through: %s', (text) => {
    expect(violationsOf({ path: 'server/src/providers/spotify/x.ts', text })).toEqual([])
  })

  it.each([
    ['domains/profile/x.ts', `import type { Identity } from '#domains/identity'`],
    ['domains/profile/x.ts', `import { AppError } from '#platform/errors'`],
    ['providers/spotify/x.ts', `import type { MusicProvider } from '#domains/music'`],
    ['domains/music/deep/x.ts', `import { y } from '../music.errors.ts'`],
  ])('let through: %s with %s', (path, text) => {
    expect(violationsOf({ path: `server/src/${path}`, text })).toEqual([])
  })
})
