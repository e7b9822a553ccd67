import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createTestApp,
  seedListening,
  sharedData,
  startTestSandbox,
  type TestApp,
  type TestSandbox,
  type TestUser,
} from '#test'

const SEED_TIMEOUT_MS = 120_000
const recorded = sharedData('api/spotify/recorded')

interface Top {
  items: {
    title: string
    artists: { name: string }[]
    language: { status: string; tag: string | null; confidence: number | null }
  }[]
}

describe.skipIf(recorded.missing !== undefined)(
  `a real account, recorded${recorded.missing === undefined ? '' : ` (${recorded.missing})`}`,
  () => {
    let sandbox: TestSandbox
    let test: TestApp
    let user: TestUser

    beforeAll(async () => {
      sandbox = await startTestSandbox({ mode: 'recorded', recordedDir: recorded.path })
      test = await createTestApp({ env: sandbox.env })
      await seedListening(test.system)
      user = await test.register()
      const answer = await fetch(`${sandbox.url}/control/listeners`)
      const { listeners } = (await answer.json()) as { listeners: { id: string }[] }
      await sandbox.link(test.app, user.headers, listeners[0]?.id ?? '')
    }, SEED_TIMEOUT_MS)
    afterAll(async () => {
      await test.close()
      await sandbox.close()
    })

    const get = async <T>(url: string) => {
      const answer = await test.app.inject({ url, headers: user.headers })
      expect(answer.statusCode, answer.body).toBe(200)
      return answer.json<T>()
    }

    it('shows its top tracks, first without and then with a language', async () => {
      const before = await get<Top>('/music/me/top/tracks?limit=50')
      expect(before.items).toHaveLength(48)
      expect(before.items.every(({ language }) => language.status === 'pending')).toBe(true)
      const worker = await test.system.jobWorker()
      const statuses = async () => {
        const { items } = await get<Top>('/music/me/top/tracks?limit=50')
        return items.filter(({ language }) => language.status === 'pending').length
      }
      await expect.poll(statuses, { timeout: 30_000 }).toBe(0)
      await worker.stop()

      const { items } = await get<Top>('/music/me/top/tracks?limit=50')
      for (const { language } of items) {
        if (language.status === 'unknown') expect(language.tag).toBeNull()
        else expect(language.confidence).toBeGreaterThan(0.5)
      }
      const german = items.filter(({ language }) => language.tag === 'de')
      expect(german.map(({ title }) => title)).toContain('Angst')
      const english = items.filter(({ language }) => language.tag === 'en')
      expect(english.length).toBeGreaterThan(30)
    })

    it('gets recommendations with reasons in any language', async () => {
      for (const lang of ['de', 'en', 'es', 'nl', 'ja']) {
        const answer = await test.app.inject({
          method: 'POST',
          url: '/reco/by-language',
          headers: user.headers,
          body: { lang, limit: 10 },
        })
        expect(answer.statusCode, answer.body).toBe(200)
        const { items } = answer.json<{
          items: { language: { tag: string }; reason: { text: { en: string } } }[]
        }>()
        expect(items.length).toBeGreaterThan(5)
        for (const { language, reason } of items) {
          expect(language.tag).toBe(lang)
          expect(reason.text.en).toMatch(/\w/)
        }
      }
    })

    it('shows its top artists and searches, with what the recordings lack left empty', async () => {
      const { items } = await get<{ items: { name: string }[] }>('/music/me/top/artists?limit=50')
      expect(items).toHaveLength(48)
      const file = join(recorded.path, 'search.json')
      const { tracks } = JSON.parse(readFileSync(file, 'utf8')) as {
        tracks: { items: { name: string }[] }
      }
      const title = tracks.items[0]?.name ?? ''
      const found = await get<{ items: { title: string }[] }>(
        `/music/search?q=${encodeURIComponent(title)}`,
      )
      expect(found.items.map((item) => item.title)).toContain(title)
    })
  },
)
