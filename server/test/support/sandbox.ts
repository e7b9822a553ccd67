import { type Sandbox, type SandboxOptions, startSandbox } from '@music-language/sandbox'
import type { HttpServer } from '#platform/http'
import { consent } from '../music/consent.ts'

export interface TestSandbox extends Sandbox {
  /** What lets a client of ours in, as environment variables. */
  env: Record<string, string>
  /** Links a listener (`/control/listeners` lists them) to whoever the headers name. */
  link(app: HttpServer, headers: { authorization: string }, listener: string): Promise<void>
}

/** The providers, emulated, on a port of their own. */
export async function startTestSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = await startSandbox(options)
  return {
    ...sandbox,
    env: {
      SPOTIFY_ACCOUNTS_URL: `${sandbox.url}/spotify/accounts`,
      SPOTIFY_API_URL: `${sandbox.url}/spotify/api/v1`,
      SPOTIFY_CLIENT_ID: 'sandbox-client',
      SPOTIFY_CLIENT_SECRET: 'sandbox-secret',
      GENIUS_API_URL: `${sandbox.url}/genius`,
      GENIUS_ACCESS_TOKEN: 'sandbox-genius-token',
    },
    async link(app, headers, listener) {
      const begun = await app.inject({ url: '/auth/spotify/login', headers })
      const { authorizeUrl } = begun.json<{ authorizeUrl: string }>()
      const query = await consent(authorizeUrl, listener)
      const linked = await app.inject({ url: `/auth/spotify/callback?${query.toString()}` })
      if (linked.statusCode !== 200) throw new Error(`could not link: ${linked.body}`)
    },
  }
}
