import type { Fault } from '@music-language/sandbox'

interface Report {
  total: number
  byTarget: Record<string, number>
  byPath: Record<string, number>
}

/** The sandbox's side door, for tests. */
export function sandboxControl(url: string) {
  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${url}/control${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.status === 204 ? undefined : answer.json()
  }
  return {
    async listeners(): Promise<{ id: string; displayName: string }[]> {
      const answer = await call('GET', '/listeners')
      return (answer as { listeners: { id: string; displayName: string }[] }).listeners
    },
    requests: async () => (await call('GET', '/requests')) as Report,
    forgetRequests: () => call('DELETE', '/requests'),
    fault: (fault: Fault) => call('POST', '/faults', fault),
    clearFaults: () => call('DELETE', '/faults'),
    expireAccessTokens: () => call('POST', '/expire-access-tokens', {}),
    revoke: (listener: string) => call('POST', '/revoke', { listener }),
  }
}
