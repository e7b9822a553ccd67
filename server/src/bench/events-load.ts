/**
 * The clients of the benchmark, in a process of their own: keep-alive connections that each send one
 * request after another. A request is a buffer in which only the ids of its events change, so that
 * the clients take as little as they can of the machine that they share with the server.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface LoadOrder {
  port: number
  path: string
  /** Shared out among the connections. */
  tokens: readonly string[]
  connections: number
  eventsPerRequest: number
  warmUpMs: number
  measureMs: number
  /** Unique in the run, so that no two orders make the same ids: 0 to 65535. */
  orderNumber: number
}

export interface LoadResult {
  /** Answered 200 within the measured time. */
  requests: number
  durationMs: number
  /** Answers other than 200, over the whole time. */
  failures: number
  /** Events of all requests that were answered 200, over the whole time. */
  acknowledged: number
  /** Of the requests answered 200. */
  latenciesMs: { p50: number; p99: number }
}

const HEADERS_END = Buffer.from('\r\n\r\n')
const OK = 'HTTP/1.1 200'

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

/** A UUIDv7 of now whose last 12 digits are counted up. */
function idPrefix(orderNumber: number, connection: number): string {
  const time = hex(Date.now(), 12)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(connection, 3)}-8${hex(orderNumber & 0xfff, 3)}-`
}

function requestTemplate(order: LoadOrder, connection: number) {
  const prefix = idPrefix(order.orderNumber, connection)
  const occurredAt = new Date().toISOString()
  const event = (index: number) => ({
    id: `${prefix}${'#'.repeat(12)}`,
    type: 'track.played',
    version: 1,
    occurredAt,
    payload: {
      trackId: `01980000-0000-7000-8000-${hex(index, 12)}`,
      source: 'recommendation',
      positionMs: 61_000 + index,
      durationMs: 215_000,
      language: 'es',
    },
  })
  const events = Array.from({ length: order.eventsPerRequest }, (_, index) => event(index))
  const body = JSON.stringify(events.length === 1 ? events[0] : { events })
  const token = order.tokens[connection % order.tokens.length] ?? ''
  const request = Buffer.from(
    [
      `POST ${order.path} HTTP/1.1`,
      'Host: 127.0.0.1',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
  const places: number[] = []
  for (let at = request.indexOf('#'); at !== -1; at = request.indexOf('#', at + 12)) places.push(at)
  return { request, places }
}

/** Whether a whole answer has come: a header, and as much of a body as that announces. */
function isWhole(answer: Buffer): boolean {
  const headersEnd = answer.indexOf(HEADERS_END)
  if (headersEnd === -1) return false
  const length = /content-length: (\d+)/i.exec(answer.toString('latin1', 0, headersEnd))?.[1]
  return answer.length >= headersEnd + HEADERS_END.length + Number(length ?? 0)
}

interface Tally {
  isOver: boolean
  failures: number
  acknowledged: number
  latenciesMs: number[]
}

/** Sends requests over one connection until it is over; the last one is still answered. */
async function converse(socket: Socket, order: LoadOrder, connection: number, tally: Tally) {
  const { request, places } = requestTemplate(order, connection)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let count = 0
  let sentAtMs = 0
  let answer: Buffer | undefined

  function send(): void {
    for (const place of places) {
      count += 1
      request.write(hex(count, 12), place, 'latin1')
    }
    sentAtMs = performance.now()
    // Copied, for it is changed again while the socket may still hold it.
    socket.write(Buffer.from(request))
  }

  socket.on('data', (chunk: Buffer) => {
    answer = answer === undefined ? chunk : Buffer.concat([answer, chunk])
    if (!isWhole(answer)) return
    if (answer.toString('latin1', 0, OK.length) === OK) {
      tally.acknowledged += places.length
      tally.latenciesMs.push(performance.now() - sentAtMs)
    } else {
      tally.failures += 1
    }
    answer = undefined
    if (tally.isOver) resolve()
    else send()
  })
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('the server hung up')))
  send()
  await promise
}

async function load(order: LoadOrder): Promise<LoadResult> {
  const tally: Tally = { isOver: false, failures: 0, acknowledged: 0, latenciesMs: [] }
  const sockets = Array.from({ length: order.connections }, () =>
    connect({ port: order.port, host: '127.0.0.1', noDelay: true }),
  )
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  const talks = Promise.all(
    sockets.map((socket, connection) => converse(socket, order, connection, tally)),
  )
  talks.catch(() => undefined)
  await pause(order.warmUpMs)
  const before = tally.latenciesMs.length
  const startedMs = performance.now()
  await pause(order.measureMs)
  const durationMs = performance.now() - startedMs
  const measured = tally.latenciesMs.slice(before)
  tally.isOver = true
  await talks
  for (const socket of sockets) socket.destroy()
  const sorted = measured.toSorted((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return {
    requests: measured.length,
    durationMs,
    failures: tally.failures,
    acknowledged: tally.acknowledged,
    latenciesMs: { p50: quantile(0.5), p99: quantile(0.99) },
  }
}

process.on('message', (order: LoadOrder) => {
  void load(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    },
  )
})
