import { invalidRequest } from './http.errors.ts'
import type { HttpServer } from './http-types.ts'

/** Deeper input than this is no honest request, and costs more to walk than it is worth. */
const MAX_DEPTH = 32

interface Visit {
  value: unknown
  /** JSON Pointer from the root. */
  field: string
  depth: number
}

/**
 * Where a value holds text that PostgreSQL cannot store or two systems read differently:
 * U+0000 and lone surrogates. Walks without recursion, so that depth cannot exhaust the stack.
 */
function findUnsafeText(root: unknown): { field: string; problem: string } | undefined {
  const pending: Visit[] = [{ value: root, field: '', depth: 0 }]
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const { value, field } = visit
    const problem = typeof value === 'string' ? textProblem(value) : openObject(visit, pending)
    if (problem !== undefined) return { field, problem }
  }
  return undefined
}

/** Queues the members of an object or array; says what is wrong with their names or depth. */
function openObject({ value, field, depth }: Visit, pending: Visit[]): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (depth === MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH}`
  for (const [name, child] of Object.entries(value)) {
    if (textProblem(name) !== undefined) return 'has an unsafe member name'
    pending.push({ value: child, field: `${field}/${name}`, depth: depth + 1 })
  }
  return undefined
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain U+0000'
  return text.isWellFormed() ? undefined : 'must not contain a lone surrogate'
}

/** Percent-encoding that stands for no text: broken, or bytes that are not UTF-8. */
function isUndecodable(url: string): boolean {
  try {
    decodeURIComponent(url)
    return false
  } catch {
    return true
  }
}

/** Refuses unsafe text in every part of every request, before validation. */
export function refuseUnsafeText(app: HttpServer): void {
  app.addHook('onRequest', async (request) => {
    // Left to the parser of the query, such bytes would silently become other text.
    if (isUndecodable(request.url)) {
      throw invalidRequest('url', [{ field: '', problem: 'is not percent-encoded UTF-8' }])
    }
  })
  app.addHook('preValidation', async (request) => {
    for (const part of ['params', 'query', 'body'] as const) {
      const fault = findUnsafeText(request[part])
      if (fault !== undefined) {
        throw invalidRequest(part === 'query' ? 'querystring' : part, [fault])
      }
    }
  })
}
