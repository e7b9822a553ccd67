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
  ])('bite: %s with %s', (path, text, complaint) => {
    expect(violationsOf({ path: `server/src/${path}`, text })).toEqual([
      expect.stringContaining(complaint),
    ])
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
