import type { HttpServer } from './http-types.ts'

/** For documents that are data: nothing may load, run or frame them. */
const DATA_POLICY = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'"

/**
 * What browsers are told with every answer (OWASP Secure Headers Project). Written out, since a
 * library that puts them together anew costs each request more than the rest of our rules.
 */
const SECURITY_HEADERS = {
  'content-security-policy': DATA_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
} as const

/** Puts the security headers on every answer; a route may set its own over them. */
export function sendSecurityHeaders(app: HttpServer): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(SECURITY_HEADERS)
    done()
  })
}
