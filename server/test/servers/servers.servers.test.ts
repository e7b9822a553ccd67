import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { Redis } from 'ioredis'
import { Kafka, logLevel } from 'kafkajs'
import { Client } from 'pg'
import { Connection } from 'rabbitmq-client'
import { afterEach, describe, expect, it } from 'vitest'
import {
  missingServer,
  type Server,
  type ServerName,
  startKafkaMock,
  startNginx,
  startPgBouncer,
  startRabbit,
  startRadosgw,
  startRedis,
  startSystemPostgres,
} from '#servers'

const RABBIT_TIMEOUT_MS = 120_000
const started: Pick<Server, 'stop'>[] = []
afterEach(async () => {
  for (const server of started.splice(0).toReversed()) await server.stop()
})

async function owned<S extends Pick<Server, 'stop'>>(starting: Promise<S>): Promise<S> {
  const server = await starting
  started.push(server)
  return server
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

const needs = (what: string, ...names: ServerName[]) => {
  const missing = missingServer(...names)
  return { missing, title: missing === undefined ? what : `${what} (${missing})` }
}

describe('a server that a test has started', () => {
  const { missing, title } = needs('Redis', 'redis-server')

  it.skipIf(missing)(`${title}: freezes, goes on, dies, and comes back on its port`, async () => {
    const server = await owned(startRedis({ maxmemory: '3mb' }))
    const first = server.pid
    const ask = async () => {
      const client = new Redis(server.url, { commandTimeout: 300, retryStrategy: () => null })
      client.on('error', () => undefined)
      try {
        return await client.ping()
      } finally {
        client.disconnect()
      }
    }
    expect(await ask()).toBe('PONG')
    server.pause()
    await expect(ask()).rejects.toThrow('timed out')
    server.resume()
    expect(await ask()).toBe('PONG')
    await server.kill()
    await expect(ask()).rejects.toThrow()
    await server.start()
    expect(await ask()).toBe('PONG')
    expect(server.pid).not.toBe(first)
    await server.stop()
    expect(() => server.pid).toThrow('does not run')
  })

  it.skipIf(missing)(`${title}: tells why it could not start`, async () => {
    await expect(startRedis({ maxmemory: 'plenty' })).rejects.toThrow(/ended at its start.*plenty/s)
  })
})

describe('PostgreSQL and PgBouncer', () => {
  const { missing, title } = needs('both', 'postgresql', 'pgbouncer')

  it.skipIf(missing)(`${title}: keep what was committed through an immediate restart`, async () => {
    const postgres = await owned(startSystemPostgres())
    expect(await ask(postgres.url, 'show fsync')).toBe('on')
    const pooler = await owned(startPgBouncer(await postgres.createDatabase('kept')))
    await ask(pooler.url, 'create table note (text text)')
    await ask(pooler.url, `insert into note values ('still here')`)
    await postgres.immediateRestart()
    await expect.poll(() => ask(pooler.url, 'select text from note')).toBe('still here')
  })
})

describe('nginx', () => {
  const { missing, title } = needs('it', 'nginx')

  async function answering(text: string): Promise<{ address: string; close(): Promise<unknown> }> {
    const server = createServer((_request, response) => response.end(text)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      close: () => {
        server.closeAllConnections()
        return once(server.close(), 'close')
      },
    }
  }

  it.skipIf(missing)(`${title} spreads requests and follows its new list`, async () => {
    const [one, two] = [await answering('one'), await answering('two')]
    const nginx = await owned(startNginx([one.address, two.address]))
    const get = async () => (await fetch(nginx.url, { headers: { connection: 'close' } })).text()
    const answers = new Set([await get(), await get(), await get(), await get()])
    expect([...answers].toSorted()).toEqual(['one', 'two'])
    await nginx.serve([two.address])
    await expect
      .poll(async () => [await get(), await get(), await get()])
      .toEqual(['two', 'two', 'two'])
    await one.close()
    await two.close()
  })
})

describe('the brokers', () => {
  const kafka = needs('Kafka’s mock', 'kcat')
  const rabbit = needs('RabbitMQ', 'rabbitmq-server')

  it.skipIf(kafka.missing)(`${kafka.title} takes and gives messages`, async () => {
    const { broker } = await owned(startKafkaMock())
    const client = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING })
    const producer = client.producer()
    await producer.connect()
    const [sent] = await producer.send({ topic: 'notes', messages: [{ value: 'hello' }] })
    expect(sent).toMatchObject({ topicName: 'notes', errorCode: 0 })
    await producer.disconnect()
  })

  it.skipIf(rabbit.missing)(
    `${rabbit.title} keeps what it confirmed through a restart`,
    async () => {
      const server = await owned(startRabbit())
      const connection = new Connection({ url: server.url, retryLow: 100, retryHigh: 500 })
      connection.on('error', () => undefined)
      await connection.queueDeclare({
        queue: 'notes',
        durable: true,
        arguments: { 'x-queue-type': 'quorum' },
      })
      const publisher = connection.createPublisher({ confirm: true })
      await publisher.send('notes', 'hello')
      await server.shutDown()
      await server.start()
      const received = await connection.basicGet({ queue: 'notes', noAck: true })
      expect(received?.body).toBe('hello')
      await publisher.close()
      await connection.close()
      const { pid } = server
      await server.stop()
      expect(existsSync(`/proc/${pid}`)).toBe(false)
    },
    RABBIT_TIMEOUT_MS,
  )
})

describe('the object store', () => {
  const { missing, title } = needs('Ceph’s S3 gateway', 'ceph-mon', 'ceph-osd', 'radosgw')

  it.skipIf(missing)(
    `${title} keeps objects and refuses to overwrite where it is asked to`,
    async () => {
      const { endpoint, credentials } = await owned(startRadosgw())
      const client = new S3Client({
        endpoint,
        credentials,
        region: 'us-east-1',
        forcePathStyle: true,
        requestChecksumCalculation: 'WHEN_REQUIRED',
      })
      const object = { Bucket: 'notes', Key: 'one' }
      await client.send(new CreateBucketCommand({ Bucket: 'notes' }))
      await client.send(new PutObjectCommand({ ...object, Body: 'hello', IfNoneMatch: '*' }))
      await expect(
        client.send(new PutObjectCommand({ ...object, Body: 'other', IfNoneMatch: '*' })),
      ).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } })
      const { Body } = await client.send(new GetObjectCommand(object))
      expect(await Body?.transformToString()).toBe('hello')
      client.destroy()
    },
  )
})
