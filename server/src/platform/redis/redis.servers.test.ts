import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '#platform/telemetry'
import { missingServer, type RedisServer, startRedis } from '#servers'
import { openRedis, type Redis } from './redis.ts'

const missing = missingServer('redis-server')

describe.skipIf(missing)(`connections to Redis${missing ? ` (${missing})` : ''}`, () => {
  let server: RedisServer
  let redis: Redis
  let lines: string[]

  beforeEach(async () => {
    lines = []
    server = await startRedis()
    const logger = createLogger(
      { logLevel: 'info' },
      { service: 'test' },
      { write: (line: string) => lines.push(line) },
    )
    redis = openRedis({ url: server.url, commandTimeoutMs: 500 }, { logger, role: 'test' })
  })
  afterEach(async () => {
    redis.close()
    await server.stop()
  })

  const answers = () =>
    expect.poll(() => redis.client().ping().catch(String), { timeout: 10_000 }).toBe('PONG')

  it('are made when they are first asked for', async () => {
    await expect(redis.client().ping()).rejects.toThrow()
    await answers()
    expect(lines).toEqual([])
  })

  it('run a script', async () => {
    await answers()
    const script = "return redis.call('incrby', KEYS[1], ARGV[1])"
    expect(await redis.client().eval(script, 1, 'count', 7)).toBe(7)
  })

  it('fail at once while Redis is away, come back by themselves, and log both once', async () => {
    await answers()
    await server.kill()
    await expect.poll(() => redis.client().status).not.toBe('ready')
    for (let at = 0; at < 50; at += 1) await expect(redis.client().ping()).rejects.toThrow()
    await expect.poll(() => lines.length, { timeout: 5_000 }).toBe(1)
    await server.start()
    await answers()
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['redis.lost', 'redis.back'])
  })

  it('do not wait for an answer longer than they may', async () => {
    await answers()
    server.pause()
    await expect(redis.client().ping()).rejects.toThrow('Command timed out')
    server.resume()
    await answers()
  })

  it('hear a channel again after Redis was away, and say that they did', async () => {
    const heard: string[] = []
    redis.listen('news', {
      onMessage: (text) => heard.push(text),
      onListening: () => heard.push('listening'),
    })
    await expect.poll(() => heard).toEqual(['listening'])
    await server.kill()
    await server.start()
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['listening', 'listening'])
    await answers()
    await redis.client().publish('news', 'hello')
    await expect.poll(() => heard).toEqual(['listening', 'listening', 'hello'])
  })

  it('do not send a command again that was lost with its connection', async () => {
    await answers()
    server.pause()
    await expect(redis.client().incr('count')).rejects.toThrow()
    await server.kill()
    await server.start()
    await answers()
    expect(await redis.client().get('count')).toBeNull()
  })

  it('end when they are closed, and are not made again', async () => {
    await answers()
    server.pause()
    redis.close()
    await expect.poll(() => redis.client().status).toBe('end')
    server.resume()
    await expect(redis.client().ping()).rejects.toThrow()
  })

  it('never made, are closed without a trace', async () => {
    redis.close()
    await expect(redis.client().ping()).rejects.toThrow()
    expect(lines).toEqual([])
  })
})
