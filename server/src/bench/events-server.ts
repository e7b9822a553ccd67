/** The service of the benchmark, in a process of its own: the API, and beside it the baselines. */
import { compose } from '#compose'
import { EVENT_TYPES, eventCatalogue } from '#domains/analytics'
import { readConfig } from '#platform/config'
import { addBaselines } from './events-baselines.ts'

const USERS = 16

/** Registers users who let events be kept; gives their access tokens. */
async function tokensOf(app: Awaited<ReturnType<typeof start>>['app']): Promise<string[]> {
  const tokens: string[] = []
  for (let user = 0; user < USERS; user += 1) {
    const body = { email: `bench${user}@example.org`, password: `a long password ${user}` }
    const registered = await app.inject({ method: 'POST', url: '/auth/register', body })
    const { accessToken } = registered.json<{ accessToken: string }>()
    const headers = { authorization: `Bearer ${accessToken}` }
    const consents = { analytics: true }
    await app.inject({ method: 'PUT', url: '/users/me/consents', headers, body: consents })
    tokens.push(accessToken)
  }
  return tokens
}

async function start() {
  const config = readConfig()
  const system = compose(config, { role: 'api' })
  const app = await system.httpServer()
  addBaselines(app, { database: config.database, catalogue: eventCatalogue(EVENT_TYPES) })
  return { app, system }
}

const { app, system } = await start()
const tokens = await tokensOf(app)
const address = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ port: Number(new URL(address).port), tokens })

process.on('message', () => {
  void app
    .close()
    .then(() => system.close())
    .then(() => process.disconnect())
})
