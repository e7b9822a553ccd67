import { createHash } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import type { Clock } from '#platform/clock'
import type { ObjectStore } from '#platform/objects'
import type { ItemModel } from '../model/item-model.ts'
import { encodeModel } from '../model/model-file.ts'
import type { ModelStore, NewModel } from './model.store.ts'

/** Changes when the same training set would give another model, or the file another shape. */
export const MODEL_VERSION = '1.0.0'

export interface PublishDependencies {
  store: Pick<ModelStore, 'activate'>
  objects: Pick<ObjectStore, 'put'>
  clock: Clock
}

/** `20261101T031500Z`: sorts by time, and needs no escaping anywhere. */
const compactUtc = (at: Date) => `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

/**
 * Makes a model the active one. Its file is whole in the object store before anybody can learn
 * of it; a failure in between leaves a file that nothing refers to.
 */
export async function publishModel(
  model: ItemModel,
  { store, objects, clock }: PublishDependencies,
): Promise<NewModel> {
  const createdAt = clock.now()
  const file = encodeModel(model)
  const digest = createHash('sha256').update(file).digest('hex')
  const name = `${compactUtc(createdAt)}-${digest.slice(0, 12)}.bin`
  const stored = await objects.put(`models/item-knn/${MODEL_VERSION}/${name}`, file)
  const record: NewModel = {
    id: uuid(),
    version: MODEL_VERSION,
    objectKey: stored.key,
    sha256: stored.sha256,
    sizeBytes: stored.sizeBytes,
    manifest: model.manifest,
    createdAt,
  }
  await store.activate(record)
  return record
}
