import { v7 as uuid } from 'uuid'
import type { Clock } from '#platform/clock'
import { type ObjectStore, publishArtifact } from '#platform/objects'
import type { ItemModel } from '../model/item-model.ts'
import { encodeModel } from '../model/model-file.ts'
import type { ModelStore, NewModel } from './model.store.ts'

/** Changes when the same training set would give another model, or the file another shape. */
export const MODEL_VERSION = '1.0.0'

export interface PublishDependencies {
  store: Pick<ModelStore, 'activate'>
  objects: Pick<ObjectStore, 'put' | 'putFile'>
  clock: Clock
}

/**
 * Makes a model the active one, in place of the one with the id `replaces` (undefined: of none).
 * Its file is whole in the object store before anybody can learn of it; a failure in between
 * leaves a file that nothing refers to.
 * @returns undefined when another model has been published since: then that one stays.
 */
export async function publishModel(
  model: ItemModel,
  replaces: string | undefined,
  { store, objects, clock }: PublishDependencies,
): Promise<NewModel | undefined> {
  const createdAt = clock.now()
  const artifact = await publishArtifact(objects, {
    area: 'models',
    name: 'item-knn',
    version: MODEL_VERSION,
    at: createdAt,
    extension: 'bin',
    contentType: 'application/octet-stream',
    content: encodeModel(model),
    metadata: { ...model.manifest },
  })
  const record: NewModel = {
    id: uuid(),
    version: MODEL_VERSION,
    objectKey: artifact.key,
    sha256: artifact.sha256,
    sizeBytes: artifact.sizeBytes,
    manifest: model.manifest,
    createdAt,
  }
  return (await store.activate(record, replaces)) ? record : undefined
}
