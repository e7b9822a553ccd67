import { type Sandbox, startSandbox } from '@music-language/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'

let sandbox: Sandbox
let test: TestApp
beforeAll(async () => {
  sandbox = await startSandbox({ geniusToken: 'good' })
  test = await appWith('good')
})
afterAll(async () => {
  await test.close()
  await sandbox.close()
})

const appWith = (token: string, onLog?: (line: string) => void) =>
  createTestApp({
    env: { GENIUS_API_URL: `${sandbox.url}/genius`, GENIUS_ACCESS_TOKEN: token },
    ...(onLog !== undefined && { onLog }),
  })

async function find({ app, register }: TestApp, artist: string, title: string) {
  const { headers } = await register()
  return app.inject({ url: '/lyrics', query: { artist, title }, headers })
}

describe('lyrics in the whole system', () => {
  it.each([
    ['Luis Fonsi', 'Despacito (feat. Daddy Yankee)'],
    ['Queen', 'Bohemian Rhapsody - Remastered 2011'],
    ['Кино', 'ГРУППА КРОВИ (Live)'],
  ])('finds the page of %s: %s', async (artist, title) => {
    const answer = await find(test, artist, title)
    expect(answer.json()).toMatchObject({ artist, score: 1, matched: { page: 'original' } })
  })

  it('does not take another artist’s song of the same title', async () => {
    const answer = await find(test, 'Nobody At All', 'Bohemian Rhapsody')
    expect(answer.json()).toMatchObject({ status: 404, code: 'lyrics.not_found' })
  })

  it('tells the operator, not the caller, that Genius refuses the token', async () => {
    const lines: string[] = []
    const other = await appWith('bad-token-4711', (line) => lines.push(line))
    const answer = await find(other, 'Queen', 'Bohemian Rhapsody')
    await other.close()
    expect(answer.statusCode).toBe(503)
    expect(answer.body).not.toContain('unauthorised')
    expect(lines.join('')).toContain('genius search: unauthorised (401)')
    expect(lines.join('')).not.toContain('bad-token-4711')
  })

  it('says that lyrics are not set up when the operator gave no token', async () => {
    const other = await createTestApp()
    const answer = await find(other, 'Queen', 'Bohemian Rhapsody')
    await other.close()
    expect(answer.json()).toMatchObject({ status: 503, code: 'lyrics.not_configured' })
  })
})
