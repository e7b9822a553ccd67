/** What can be counted and made to fail. */
export type Target = 'spotify.api' | 'spotify.token' | 'spotify.accounts' | 'genius'

export interface Addressed {
  readonly target: Target
  /** The path below the provider's own address: `/v1/me`, `/api/token`, `/search`. */
  readonly path: string
  readonly query: string
}

interface SeenRequest extends Addressed {
  readonly method: string
  readonly at: string
  /** The kind of fault that was applied to it. */
  readonly fault: string | null
}

const PREFIXES: ReadonlyArray<readonly [string, Target]> = [
  ['/spotify/accounts', 'spotify.accounts'],
  ['/spotify/api', 'spotify.api'],
  ['/genius', 'genius'],
]
const REMEMBERED_REQUESTS = 5_000

/** Which provider a URL addresses; undefined for the sandbox's own pages. */
export function addressed(url: string): Addressed | undefined {
  const [fullPath = '', query = ''] = url.split('?', 2)
  for (const [prefix, target] of PREFIXES) {
    if (!fullPath.startsWith(`${prefix}/`)) continue
    const path = fullPath.slice(prefix.length)
    const token = target === 'spotify.accounts' && path === '/api/token'
    return { target: token ? 'spotify.token' : target, path, query }
  }
  return undefined
}

export interface Traffic {
  record(request: SeenRequest): void
  report(): {
    readonly total: number
    readonly byTarget: Record<string, number>
    readonly byPath: Record<string, number>
    readonly requests: readonly SeenRequest[]
  }
  clear(): void
}

/** Counts every request since the last clearing and remembers the latest 5,000. */
export function traffic(): Traffic {
  let total = 0
  let requests: SeenRequest[] = []
  let byTarget: Record<string, number> = {}
  let byPath: Record<string, number> = {}
  return {
    record(request) {
      total += 1
      byTarget[request.target] = (byTarget[request.target] ?? 0) + 1
      const key = `${request.target} ${request.method} ${request.path}`
      byPath[key] = (byPath[key] ?? 0) + 1
      requests.push(request)
      if (requests.length > REMEMBERED_REQUESTS) requests.shift()
    },
    report: () => ({ total, byTarget, byPath, requests }),
    clear() {
      total = 0
      requests = []
      byTarget = {}
      byPath = {}
    },
  }
}
