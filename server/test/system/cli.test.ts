import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test'
import { programs } from './program.ts'

const CONTRACT = resolve(import.meta.dirname, '../../openapi.json')
const NOBODY_LISTENS = 'postgres://127.0.0.1:1/none'

const { run, folder, close } = programs()
const cli = (args: readonly string[], environment?: Record<string, string>) =>
  run(['cli', ...args], environment)

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => {
  await close()
  await database.drop()
})

describe('the command line', () => {
  it('lists every command in its help', async () => {
    const { code, stdout, stderr } = await cli(['--help'])
    expect(code).toBe(0)
    expect(stderr).toBe('')
    const listed = Array.from(stdout.matchAll(/^ {2}(\w+) .*\S$/gm), ([, name]) => name)
    expect(listed).toEqual([
      'demo',
      'backup',
      'events',
      'data',
      'jobs',
      'lake',
      'language',
      'model',
      'objects',
      'migrate',
      'openapi',
      'help',
    ])
  })

  it('explains the commands of a group', async () => {
    const { code, stdout } = await cli(['language', '--help'])
    expect(code).toBe(0)
    for (const command of ['detect', 'sweep']) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    }
  })

  it.each([
    ['no command', []],
    ['an unknown command of a group', ['language', 'sing']],
    ['an unknown option', ['migrate', '--loud']],
    ['a missing argument', ['language', 'detect']],
  ])('exits with 2 and says how it is used on %s', async (_case, args) => {
    const { code, stdout, stderr } = await cli(args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/--help|Usage/)
  })

  it('exits with 2 and names what is wrong with its configuration', async () => {
    const wrong = { DATABASE_URL: database.url, PORT: 'x', APP_SECRET: 'short' }
    const { code, stdout, stderr } = await cli(['migrate'], wrong)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('PORT')
    expect(stderr).not.toContain('    at ')
  })

  it('exits with 2 when nothing says which system is meant', async () => {
    const { code, stderr } = await cli(['model', 'train'])
    expect(code).toBe(2)
    expect(stderr).toContain('DATABASE_URL')
  })

  it('exits with 1 and one line when the work fails', async () => {
    const { code, stdout, stderr } = await cli(['migrate'], { DATABASE_URL: NOBODY_LISTENS })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^.*could not be migrated.*\n$/)
  })

  it('is told apart from the other programs', async () => {
    const { code, stderr } = await run(['sing'])
    expect(code).toBe(2)
    expect(stderr).toContain('api|reco|all|worker|cli|start')
  })
})

describe('--json', () => {
  it.each([
    ['model train', ['model', 'train'], { trained: false }],
    [
      'language detect',
      ['language', 'detect', 'Corazón de mi vida', '--artist', 'Lucía'],
      { unknown: false, ranked: expect.arrayContaining([expect.objectContaining({ tag: 'es' })]) },
    ],
  ])('makes one JSON document of what %s says', async (_command, args, result) => {
    const { code, stdout } = await cli(['--json', ...args], { DATABASE_URL: database.url })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject(result)
  })

  it('may stand after the command', async () => {
    const { code, stdout } = await cli(['migrate', '--json'], { DATABASE_URL: database.url })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ applied: [] })
  })

  it('prints nothing when the work fails', async () => {
    const { code, stdout } = await cli(['--json', 'migrate'], { DATABASE_URL: NOBODY_LISTENS })
    expect(code).toBe(1)
    expect(stdout).toBe('')
  })
})

describe('openapi', () => {
  it('finds the committed document up to date', async () => {
    const { code, stderr } = await cli(['openapi', '--check'])
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('finds a changed one out of date, and leaves it alone', async () => {
    const changed = join(folder, 'changed.json')
    const text = (await readFile(CONTRACT, 'utf8')).replace('"openapi"', '"openapi" ')
    await writeFile(changed, text)
    const { code, stderr } = await cli(['openapi', '--check', '--out', changed])
    expect(code).toBe(1)
    expect(stderr).toContain('changed.json is out of date')
    expect(await readFile(changed, 'utf8')).toBe(text)
  })

  it('writes the document that is committed', async () => {
    const out = join(folder, 'written.json')
    const { code } = await cli(['openapi', '--out', out])
    expect(code).toBe(0)
    expect(await readFile(out, 'utf8')).toBe(await readFile(CONTRACT, 'utf8'))
  })
})
