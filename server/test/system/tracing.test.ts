import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listen } from '#platform/http-listen'
import { startTracing, type Tracing } from '#platform/telemetry'
import { createTestApp, startTestSandbox, type TestApp, type TestSandbox } from '#test'

interface Span {
  traceId: string
  name: string
}
interface Export {
  resourceSpans: { scopeSpans: { spans: Span[] }[] }[]
}

const spans: Span[] = []
const lines: string[] = []
let collector: { url: string; close(): Promise<void> }
let tracing: Tracing
let sandbox: TestSandbox
let test: TestApp

beforeAll(async () => {
  const server = createServer((request, response) => {
    json(request).then(
      (body) => {
        for (const { scopeSpans } of (body as Export).resourceSpans) {
          spans.push(...scopeSpans.flatMap((scope) => scope.spans))
        }
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      },
      () => response.writeHead(400).end(),
    )
  })
  collector = await listen(server, { host: '127.0.0.1', port: 0 })
  tracing = await startTracing(
    { otlpUrl: collector.url, sampleRatio: 1, logLevel: 'silent' },
    'test',
  )
  sandbox = await startTestSandbox()
  test = await createTestApp({ env: sandbox.env, tracing, onLog: (line) => lines.push(line) })
})
afterAll(async () => {
  await test.close()
  await sandbox.close()
  await collector.close()
})

it('traces a request through cache, database and provider, under the id that the log names', async () => {
  const user = await test.register()
  const query = { artist: 'Joan Manuel Serrat', title: 'Mediterraneo' }
  const answer = await test.app.inject({ url: '/lyrics', query, headers: user.headers })
  expect(answer.statusCode).toBe(200)
  // The line is written when the answer is out, which is after the client has it.
  const logged = () =>
    lines
      .map((line) => JSON.parse(line) as { endpoint?: string; trace_id: string })
      .filter(({ endpoint }) => endpoint === '/lyrics')
  await expect.poll(logged).toHaveLength(1)
  await tracing.stop()
  const [request] = logged()
  const named = spans.filter(({ traceId }) => traceId === request?.trace_id)
  const names = named.map(({ name }) => name)
  expect(names).toContain('cache through')
  expect(names).toContain('db SELECT')
  expect(names.some((name) => name.startsWith('genius '))).toBe(true)
  expect(names.length).toBeGreaterThan(4)
})
