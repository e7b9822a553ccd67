import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLakeWorld, type LakeWorld } from './lake-world.ts'

const SOON = { timeout: 20_000 }
const HOUR_MS = 3_600_000

let world: LakeWorld
let worker: { stop(): Promise<void> }
let ids: string[] = []
beforeAll(async () => {
  world = await createLakeWorld()
  worker = await world.system().startWorker()
})
afterAll(async () => {
  await worker.stop()
  await world.close()
})

const files = () => world.store.liveFiles()

describe('upkeep', () => {
  it('joins small files into one, with the same rows', async () => {
    for (let round = 0; round < 9; round += 1) {
      ids = [...ids, ...(await world.put(randomUUID(), 2))].toSorted()
      await expect.poll(world.ids, SOON).toEqual(ids)
    }
    expect(await files()).toHaveLength(9)
    expect(await world.upkeep.compact(world.signal)).toEqual({ joined: 9, into: 1 })
    expect(await files()).toHaveLength(1)
    expect(await world.ids()).toEqual(ids)
    expect(await world.upkeep.compact(world.signal)).toEqual({ joined: 0, into: 0 })
  })

  it('leaves the old files to who still reads them, then deletes them', async () => {
    expect(await world.upkeep.sweep()).toBe(0)
    expect(await world.keys()).toHaveLength(10)
    world.pass(2 * HOUR_MS)
    expect(await world.upkeep.sweep()).toBe(9)
    expect(await world.keys()).toHaveLength(1)
    expect(await world.ids()).toEqual(ids)
  })

  it('deletes what no list names, once it is a day old', async () => {
    await world.objects.put('lake/events/type=a.b/date=2026-01-01/stray.parquet', Buffer.from('x'))
    expect(await world.upkeep.removeStrays(world.signal)).toBe(0)
    world.pass(25 * HOUR_MS)
    expect(await world.upkeep.removeStrays(world.signal)).toBe(1)
    expect(await world.ids()).toEqual(ids)
  })
})

describe('reading the lake', () => {
  const ask = (sql: string) => world.reads.query(sql, { maxRows: 10 })

  it('says when there are more rows than were asked for', async () => {
    const { rows, isCut, columns } = await ask('select id, type from events')
    expect([rows.length, isCut, columns]).toEqual([10, true, ['id', 'type']])
  })

  it.each([
    ['another file', `select * from read_text('/etc/hostname')`],
    ['the network', `select * from read_parquet('https://example.org/x.parquet')`],
    ['a change of settings', 'set enable_external_access = true'],
    ['a copy', `copy (select 1) to '/tmp/lake-copy.csv'`],
    ['two statements', 'select 1; select 2'],
    ['another database', `attach '/tmp/lake-other.db'`],
    ['an extension', 'install httpfs'],
    ['nonsense', 'selec 1'],
  ])('refuses %s', async (_what, sql) => {
    await expect(ask(sql)).rejects.toMatchObject({ code: 'analytics.invalid_lake_query' })
  })

  it('finds a file that was changed', async () => {
    expect(await world.reads.verify()).toMatchObject({ files: 1, rows: 18, bad: [] })
    const [file] = await files()
    await world.objects.put(file?.path ?? '', Buffer.from('something else'))
    const { bad } = await world.reads.verify()
    expect(bad).toMatchObject([{ path: file?.path, error: expect.stringContaining('corrupt') }])
    await expect(ask('select 1 from events')).rejects.toThrow('corrupt')
  })

  it('drops what is past its time', async () => {
    world.pass(800 * 24 * HOUR_MS)
    expect(await world.upkeep.expire()).toBe(1)
    expect(await world.ids()).toEqual([])
  })
})
