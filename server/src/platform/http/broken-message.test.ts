import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'

let test: TestApp
let port: number
beforeAll(async () => {
  test = await createTestApp()
  port = Number(new URL(await test.app.listen({ host: '127.0.0.1', port: 0 })).port)
})
afterAll(() => test.close())

/** Sends raw bytes and reads all that comes back until the server hangs up. */
async function send(...lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text
  })
  socket.write(lines.join('\r\n'))
  await once(socket, 'close')
  return answer
}

const LOGIN = ['POST /auth/login HTTP/1.1', 'Host: x', 'Content-Type: application/json']

describe('a broken HTTP message', () => {
  it.each([
    [
      'both lengths',
      [...LOGIN, 'Content-Length: 2', 'Transfer-Encoding: chunked', '', '0', '', ''],
      400,
    ],
    ['two lengths', [...LOGIN, 'Content-Length: 2', 'Content-Length: 3', '', '{}'], 400],
    ['a NUL in a header', ['GET /health/live HTTP/1.1', 'Host: x', 'X-A: a\0b', '', ''], 400],
    ['no HTTP at all', ['nonsense', '', ''], 400],
    [
      'headers without end',
      ['GET / HTTP/1.1', 'Host: x', `X-A: ${'a'.repeat(20_000)}`, '', ''],
      431,
    ],
  ])('with %s is answered by a problem document', async (_, lines, status) => {
    const answer = await send(...lines)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json')
    const body: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))
    expect(body).toMatchObject({ status, code: 'http.malformed_request' })
  })

  it('with two Host headers is refused', async () => {
    const answer = await send(
      'GET /health/live HTTP/1.1',
      'Host: a',
      'Host: b',
      'Connection: close',
      '',
      '',
    )
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe('what the router refuses', () => {
  it('is a problem document, and is counted', async () => {
    const answer = await test.app.inject({ url: `/music/tracks/${'x'.repeat(300)}`, headers: {} })
    expect(answer.statusCode).toBe(414)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    const { values } = await test.system.metrics.httpDuration.get()
    expect(values.some(({ labels }) => labels.status_code === 414)).toBe(true)
  })
})
