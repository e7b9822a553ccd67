export interface ApiClient {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown): Promise<T>
  delete(path: string): Promise<void>
  /** The same API, with this token. */
  as(accessToken: string): ApiClient
}

interface ProblemBody {
  title?: string
  detail?: string
}

/** Calls the API as any client would. @throws Error with the problem's text. */
export function apiClient(apiUrl: string, accessToken?: string): ApiClient {
  async function call<T>(path: string, init: RequestInit): Promise<T> {
    const headers = {
      accept: 'application/json',
      ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
    }
    const response = await fetch(apiUrl + path, { ...init, headers }).catch((cause: unknown) => {
      throw new Error(`The API at ${apiUrl} does not answer. Is it running?`, { cause })
    })
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
    const { title, detail } = (await response.json().catch(() => ({}))) as ProblemBody
    throw new Error(`${path}: ${[response.status, title, detail].filter(Boolean).join(' · ')}`)
  }
  return {
    get: (path) => call(path, {}),
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
    delete: (path) => call(path, { method: 'DELETE' }),
    as: (token) => apiClient(apiUrl, token),
  }
}
