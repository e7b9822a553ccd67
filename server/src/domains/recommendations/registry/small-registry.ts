/** A registry with a folder of its own, for tests. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '#platform/db'
import { objectStore } from '#platform/objects'
import type { ItemModel } from '../model/item-model.ts'
import type { RecommendationTables } from '../recommendations.tables.ts'
import { modelOf } from '../small-world.ts'
import { modelStore, type NewModel } from './model.store.ts'
import { publishModel } from './publish-model.ts'

export type SmallRegistry = Awaited<ReturnType<typeof openSmallRegistry>>

export async function openSmallRegistry(databaseUrl: string) {
  const { db, close } = openDatabase<RecommendationTables>({
    url: databaseUrl,
    poolMax: 8,
    statementTimeoutMs: 5000,
    applicationName: 'test',
  })
  const folder = await mkdtemp(join(tmpdir(), 'models-'))
  const objects = objectStore({ kind: 'files', folder })
  const store = modelStore(db)
  const time = { now: new Date('2026-11-02T00:00:00Z') }
  const clock = { now: () => time.now }

  return {
    db,
    folder,
    objects,
    store,
    clock,
    pass(seconds: number) {
      time.now = new Date(time.now.getTime() + seconds * 1000)
    },
    /** Publishes in place of whatever is active. */
    async publish(model: ItemModel): Promise<NewModel> {
      const active = await store.activeModel()
      const record = await publishModel(model, active?.id, { store, objects, clock })
      if (record === undefined) throw new Error('a rival has published')
      return record
    },
    spoil: (key: string) => writeFile(join(folder, key), 'not a model'),
    truncate: (key: string) => truncate(join(folder, key), 100),
    remove: (key: string) => rm(join(folder, key)),
    async empty() {
      await db.deleteFrom('reco_model').execute()
    },
    async close() {
      await close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Two models that differ. */
export async function twoModels(): Promise<[ItemModel, ItemModel]> {
  return [await modelOf([], { u: 'a b', v: 'a b c' }), await modelOf([], { u: 'a b', v: 'b c d' })]
}
