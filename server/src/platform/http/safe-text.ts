import { invalidRequest } from './http.errors.ts'
import type { HttpServer } from './http-types.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route judges the texts of its body itself, so that a bad one costs no other. */
    judgesBodyText?: true
  }
}

/** Deeper input than this is no honest request, and costs more to walk than it is worth. */
const MAX_DEPTH = 32

interface Fault {
  /** JSON Pointer from the value that was looked at. */
  field: string
  problem: string
}

/**
 * Where a value holds text that PostgreSQL cannot store or two systems read differently:
 * U+0000 and lone surrogates. The pointer is put together on the way back, so that a body in
 * order, which is nearly every one, costs no text.
 */
function findUnsafeText(value: unknown, depth = 0): Fault | undefined {
  if (typeof value === 'string') {
    const problem = textProblem(value)
    return problem === undefined ? undefined : { field: '', problem }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth === MAX_DEPTH) return { field: '', problem: `is nested deeper than ${MAX_DEPTH}` }
  return Array.isArray(value) ? findInItems(value, depth + 1) : findInMembers(value, depth + 1)
}

function findInItems(items: readonly unknown[], depth: number): Fault | undefined {
  for (const [index, item] of items.entries()) {
    const fault = findUnsafeText(item, depth)
    if (fault !== undefined) return { ...fault, field: `/${index}${fault.field}` }
  }
  return undefined
}

function findInMembers(object: object, depth: number): Fault | undefined {
  for (const [name, member] of Object.entries(object)) {
    if (textProblem(name) !== undefined) return { field: '', problem: 'has an unsafe member name' }
    const fault = findUnsafeText(member, depth)
    if (fault !== undefined) return { ...fault, field: `/${name}${fault.field}` }
  }
  return undefined
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain U+0000'
  return text.isWellFormed() ? undefined : 'must not contain a lone surrogate'
}

/** Nothing here is encoded, which is how nearly every address looks. */
const PLAIN_URL = /^[\w/.\-?=&,:~]*$/

/** Percent-encoding that stands for no text: broken, or bytes that are not UTF-8. */
function isUndecodable(url: string): boolean {
  if (PLAIN_URL.test(url)) return false
  try {
    decodeURIComponent(url)
    return false
  } catch {
    return true
  }
}

const PARTS = ['params', 'query', 'body'] as const

/** Refuses unsafe text in every part of every request, before validation. */
export function refuseUnsafeText(app: HttpServer): void {
  app.addHook('onRequest', (request, _reply, done) => {
    // Left to the parser of the query, such bytes would silently become other text.
    const fault = isUndecodable(request.url)
      ? invalidRequest('url', [{ field: '', problem: 'is not percent-encoded UTF-8' }])
      : undefined
    done(fault)
  })
  app.addHook('preValidation', (request, _reply, done) => {
    const { judgesBodyText } = request.routeOptions.config
    for (const part of PARTS) {
      if (part === 'body' && judgesBodyText === true) continue
      const fault = findUnsafeText(request[part])
      if (fault === undefined) continue
      done(invalidRequest(part === 'query' ? 'querystring' : part, [fault]))
      return
    }
    done()
  })
}
