import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  environmentReaders,
  longFiles,
  longHabit,
  providerClients,
  sandboxBranches,
  serverInSandbox,
  stalePages,
  undocumentedErrors,
} from './house-rules.ts'
import { REPOSITORY, type SourceFile, sourceFiles } from './source-files.ts'
import {
  foreignTables,
  looseStores,
  silentFaces,
  tablesByDomain,
  tablesNamedIn,
} from './table-rules.ts'

const files = sourceFiles('server/src', 'server/test', 'sandbox/src', 'sandbox/test')
const pages = readdirSync(join(REPOSITORY, 'docs/errors'))
const migrations = readdirSync(join(REPOSITORY, 'server/migrations')).map((name) => ({
  path: `server/migrations/${name}`,
  text: readFileSync(join(REPOSITORY, 'server/migrations', name), 'utf8'),
}))
const ownership = tablesByDomain(migrations)

const file = (path: string, text: string): SourceFile => ({ path, text })
const lines = (count: number) => 'x\n'.repeat(count)
const MUSIC = tablesByDomain([file('0009_music_x.sql', 'CREATE TABLE track (id uuid)')])

describe('the rules of the house', () => {
  it.each([
    ['no file is too long', longFiles(files)],
    ['half of the files are short', longHabit(files)],
    ['the environment is read in one place', environmentReaders(files)],
    ['the sandbox is unknown to those who talk to providers', sandboxBranches(files)],
    ['the server is unknown to the sandbox', serverInSandbox(files)],
    ['every error has a page', undocumentedErrors(files, pages)],
    ['every page has an error', stalePages(files, pages)],
    ['a domain touches its own tables only', foreignTables(files, ownership)],
    ['stores are typed with their own tables', looseStores(files)],
    ['every domain’s face says what it owns', silentFaces(files, ownership)],
  ])('are kept: %s', (_rule, violations) => {
    expect(violations).toEqual([])
  })

  it('are judged on the whole project', () => {
    expect(files.length).toBeGreaterThan(300)
    expect(providerClients(files).length).toBeGreaterThan(100)
    expect([...ownership.keys()].toSorted()).toEqual(
      readdirSync(join(REPOSITORY, 'server/src/domains')).toSorted(),
    )
  })
})

describe('each rule bites', () => {
  it('on a file of 301 lines, not on one of 300', () => {
    expect(longFiles([file('a.ts', lines(301)), file('b.ts', lines(300))])).toEqual([
      'a.ts has 301 lines',
    ])
  })

  it('on a habit of long files, whatever the tests are like', () => {
    const long = [file('a.ts', lines(81)), file('b.ts', lines(81)), file('c.ts', lines(5))]
    expect(longHabit(long)).toHaveLength(1)
    expect(longHabit([...long, file('d.test.ts', lines(5)), file('e.test.ts', lines(5))])).toEqual(
      longHabit(long),
    )
    expect(longHabit([...long, file('d.ts', lines(5)), file('e.ts', lines(5))])).toEqual([])
  })

  it.each([
    `const url = process.env['DATABASE_URL']`,
    `const { PORT } = process.env`,
    `const url = process?.env.DATABASE_URL`,
    `const env = process['env']`,
    `const { argv, env } = process`,
    `import { argv, env } from 'node:process'`,
  ])('on a reader of the environment: %s', (text) => {
    expect(environmentReaders([file('server/src/domains/music/x.ts', text)])).toHaveLength(1)
    expect(environmentReaders([file('server/src/platform/config/x.ts', text)])).toEqual([])
  })

  it.each([
    'server/src/domains/music/x.ts',
    'server/src/providers/spotify/x.ts',
    'server/src/platform/outbound/x.ts',
    'server/src/apps/worker/index.ts',
    'server/src/compose/index.ts',
  ])('on a branch for the sandbox in %s', (path) => {
    expect(sandboxBranches([file(path, 'if (config.isSandbox) return')])).toHaveLength(1)
  })

  it('on a sandbox that reaches into the server', () => {
    const text = `import type { Clock } from '#platform/clock'`
    expect(serverInSandbox([file('sandbox/src/x.ts', text)])).toHaveLength(1)
  })

  it('on an error without a page and a page without an error', () => {
    const thrower = file('server/src/x.ts', `new AppError({ code: 'music.lost', status: 404 })`)
    expect(undocumentedErrors([thrower], ['music.found.md'])).toEqual(['music.lost has no page'])
    expect(stalePages([thrower], ['README.md', 'music.found.md'])).toEqual([
      'music.found.md explains no error',
    ])
    expect(undocumentedErrors([thrower], ['music.lost.md'])).toEqual([])
    expect(stalePages([thrower], ['music.lost.md'])).toEqual([])
  })

  it.each([
    `db: Kysely<unknown>`,
    `db: Kysely<any>`,
    `db: Kysely<Database>`,
    `tx: Transaction<LyricsTables & any>`,
    `import type { MusicTables } from '#domains/music'\nfunction store(db: Kysely<MusicTables>) {}`,
  ])('on a loosely typed store: %s', (text) => {
    expect(looseStores([file('server/src/domains/lyrics/x.store.ts', text)])).toHaveLength(1)
  })

  it('on a face that names not all it owns', () => {
    const face = (text: string) => [file('server/src/domains/music/index.ts', text)]
    expect(silentFaces(face(`/** Music: what there is. Owns \`listen\`. */`), MUSIC)).toEqual([
      'server/src/domains/music/index.ts does not name track',
    ])
    expect(silentFaces(face(`export { x } from './x.ts'`), MUSIC)).toHaveLength(1)
    expect(silentFaces(face(`/** Music: what there is. Owns \`track\`. */`), MUSIC)).toEqual([])
  })
})

describe('another domain’s table', () => {
  it.each([
    `db.selectFrom('track')`,
    `db.selectFrom('track as t')`,
    `db.selectFrom(['lyrics_search', 'track as t'])`,
    `db.selectFrom('public.track')`,
    `.innerJoin('track as t', 't.id', 's.track_id')`,
    `.leftJoin('track', 'track.id', 's.track_id')`,
    `.innerJoinLateral(\n  'track',\n)`,
    `db.insertInto('track')`,
    `db.updateTable('track').set({ title })`,
    `db.updateTable('lyrics_search').from('track')`,
    `db.deleteFrom('track').where('id', '=', id)`,
    `db.deleteFrom('lyrics_search').using('track')`,
    `db.mergeInto('track as t')`,
    `sql.table('track')`,
    'sql`select 1 from track`',
    `sql\`select 1 from track t where t.id = \${id}\``,
    'sql`SELECT 1 FROM public.track`',
    'sql`select 1 from lyrics_search s, track t`',
    'sql`select 1 from lyrics_search s join "track" t on t.id = s.id`',
    `sql\`insert into track (id) values (\${id})\``,
    `sql\`select \${x} from lyrics_search where id in (select id from track)\``,
    `sql\`update track\n set title = \${title}\``,
    'sql`delete from\n  track`',
    'sql`lock table track in share mode`',
    `sql.raw('select 1 from track')`,
    `client.query('truncate track')`,
  ])('is seen in %s', (text) => {
    expect(foreignTables([file('server/src/domains/lyrics/x.ts', text)], MUSIC)).toEqual([
      'server/src/domains/lyrics/x.ts touches track of music',
    ])
    expect(foreignTables([file('server/src/domains/music/x.ts', text)], MUSIC)).toEqual([])
  })

  it.each([
    `// reads a title from track to track`,
    `db.selectFrom('track_language')`,
    `db.selectFrom('lyrics_search as s').select('s.track')`,
    `.innerJoin('artist_alias as a', 'a.track', 's.id')`,
    'sql`select track from lyrics_search`',
    'sql`select 1 from track_language`',
    `const text = 'one more from track two'`,
  ])('is not seen in %s', (text) => {
    expect(foreignTables([file('server/src/domains/lyrics/x.ts', text)], MUSIC)).toEqual([])
  })

  it('is looked for in code that names tables at all', () => {
    const named = files.flatMap(({ path, text }) =>
      /^server\/src\/domains\/.*store\.ts$/.test(path) ? [...tablesNamedIn(text)] : [],
    )
    const tables = [...ownership.values()].flatMap((owned) => [...owned])
    expect(tables.filter((table) => !named.includes(table))).toEqual([])
  })
})
