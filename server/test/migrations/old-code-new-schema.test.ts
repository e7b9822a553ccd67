import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, startTestSandbox, type TestApp, type TestSandbox } from '#test'
import { sandboxControl } from '../music/sandbox-control.ts'
import { playFlows, recommend, signIn } from './play-flows.ts'
import { extractRelease, type ReleasedCode } from './released-code.ts'
import { seedSmallHistory } from './small-history.ts'

/*
 * While a release is rolled out, the one before it goes on running on a schema that is already
 * migrated; and it must be possible to roll back to it.
 */

const key = () => randomBytes(32).toString('base64')

describe('the released code on this schema', () => {
  const secrets = { APP_SECRET: key(), TOKEN_ENCRYPTION_KEYS: `test:${key()}` }
  let sandbox: TestSandbox
  let today: TestApp
  let todayUrl: string
  let released: ReleasedCode
  let api: { url: string; stop(): Promise<void> } | undefined
  let environment: Record<string, string>

  beforeAll(async () => {
    sandbox = await startTestSandbox()
    today = await createTestApp({ env: { ...secrets, ...sandbox.env } })
    await seedSmallHistory(today.system)
    todayUrl = await today.app.listen({ host: '127.0.0.1', port: 0 })
    released = await extractRelease()
    environment = {
      ...secrets,
      ...sandbox.env,
      DATABASE_URL: today.database.url,
      DATA_DIR: today.config.dataDir,
      PUBLIC_URL: today.config.http.publicUrl,
    }
    api = await released.startApi(environment)
  })
  afterAll(async () => {
    await api?.stop()
    await released?.remove()
    await today?.close()
    await sandbox?.close()
  })

  const listener = async (index: number) => {
    const { id } = (await sandboxControl(sandbox.url).listeners())[index] ?? {}
    return id ?? ''
  }

  it('serves everything that it promises, beside today’s on one database', async () => {
    const url = api?.url ?? ''
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    const [byOld, byNew] = await Promise.all([
      playFlows(url, await listener(0)),
      playFlows(todayUrl, await listener(1)),
    ])
    expect({ byOld: byOld.failures, byNew: byNew.failures }).toEqual({ byOld: [], byNew: [] })
    expect(byOld.recommended).not.toEqual([])

    // Its clock stands still in a test: nothing may come to it from the future.
    today.advanceSeconds(60)
    // A balancer sends a user now to the one, now to the other.
    for (const [user, elsewhere] of [
      [byOld, todayUrl],
      [byNew, url],
    ] as const) {
      expect(await signIn(elsewhere, user.email, user.password)).toMatchObject({ status: 200 })
      const list = await recommend(elsewhere, user.accessToken)
      expect(list).toMatchObject({ status: 200, titles: user.recommended })
    }
  })
})
