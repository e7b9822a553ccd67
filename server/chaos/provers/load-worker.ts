/** The thread of a load: nothing else keeps its loop busy, and it says how late it was itself. */
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { listenerCalls } from './listener-calls.ts'
import type { LoadAnswers, LoadPlan } from './load.ts'

const { url, token, seconds, callers, perSecond } = workerData as LoadPlan
const calls = listenerCalls(token)
const agent = new Agent({
  keepAlive: true,
  maxSockets: callers,
  maxFreeSockets: callers,
  scheduling: 'fifo',
})
const seen: LoadAnswers = { goodMs: [], shedMs: [], lateMs: [], other: 0 }
let turn = 0

interface Sent {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string | undefined
}

/** Resolves with the status when the whole answer is there. */
function send({ path, body, ...options }: Sent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { agent, ...options }, (answer) => {
      answer.once('error', reject)
      answer.once('end', () => resolve(answer.statusCode))
      answer.resume()
    })
    asked.once('error', reject)
    asked.end(body)
  })
}

function nextCall(): Sent {
  const { path, method = 'GET', body } = calls[turn++ % calls.length] ?? { path: '/' }
  const headers = { authorization: `Bearer ${token}` }
  if (body === undefined) return { path, method, headers }
  const text = JSON.stringify(body())
  const length = String(Buffer.byteLength(text))
  const described = { ...headers, 'content-type': 'application/json', 'content-length': length }
  return { path, method, headers: described, body: text }
}

/** Asks for the next thing; never rejects. */
async function ask(dueMs: number): Promise<void> {
  const next = nextCall()
  const sentMs = performance.now()
  seen.lateMs.push(sentMs - dueMs)
  const status = await send(next).catch(() => undefined)
  const tookMs = performance.now() - sentMs
  if (status === 200) seen.goodMs.push(tookMs)
  else if (status === 503) seen.shedMs.push(tookMs)
  else seen.other += 1
}

/** Asks again as soon as it is answered. */
async function caller(endMs: number): Promise<void> {
  while (performance.now() < endMs) await ask(performance.now())
}

/** Arrivals of people who know nothing of each other: a Poisson process. */
async function arrivals(rate: number, endMs: number): Promise<void> {
  const asked: Promise<void>[] = []
  let dueMs = performance.now()
  while (dueMs < endMs) {
    while (dueMs <= performance.now() && dueMs < endMs) {
      asked.push(ask(dueMs))
      dueMs -= (Math.log(1 - Math.random()) / rate) * 1000
    }
    await delay(1)
  }
  await Promise.all(asked)
}

// As clients and proxies are that were there before. Node takes up one new connection in each turn
// of its event loop, so that else it would be this which is measured.
await Promise.all(Array.from({ length: callers }, () => send({ path: '/health/live' })))
const endMs = performance.now() + 1000 * seconds
if (perSecond === undefined) await Promise.all(Array.from({ length: callers }, () => caller(endMs)))
else await arrivals(perSecond, endMs)
agent.destroy()
parentPort?.postMessage(seen)
