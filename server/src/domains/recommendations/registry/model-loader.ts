import type { Clock } from '#platform/clock'
import type { ObjectStore } from '#platform/objects'
import type { Logger } from '#platform/telemetry'
import { indexModel, type ModelIndex } from '../model/item-model.ts'
import { decodeModel } from '../model/model-file.ts'
import type { ModelRecord, ModelStore } from './model.store.ts'

/** A model in memory. */
export interface ServedModel {
  /** Unique for the content: the software's version and the file's hash. */
  version: string
  /** ISO 8601 */
  trainedAt: string
  index: ModelIndex
}

export interface ModelLoader {
  /**
   * The active model, or the last one that was good while the active one cannot be read.
   * Undefined when none was ever published or can be read.
   */
  current(): Promise<ServedModel | undefined>
}

export interface ModelLoaderDependencies {
  store: Pick<ModelStore, 'newestModels'>
  objects: Pick<ObjectStore, 'get'>
  clock: Clock
  logger: Logger
  /** Told of every attempt to load a model, for metrics. */
  observe?: (outcome: 'loaded' | 'failed') => void
}

const CHECK_EVERY_MS = 10_000
/** A file that could not be read is large, and seldom good a moment later. */
const CHECK_AFTER_FAILURE_MS = 60_000
/** The active model and those before it, for a process that starts while the active one is bad. */
const MODELS_TRIED = 3

export const versionOf = ({ version, sha256 }: Pick<ModelRecord, 'version' | 'sha256'>) =>
  `${version}+${sha256.slice(0, 12)}`

/** Keeps the active model in memory; looks for a newer one in the background now and then. */
export function modelLoader(dependencies: ModelLoaderDependencies): ModelLoader {
  const { store, objects, clock, logger, observe } = dependencies
  let served: ServedModel | undefined
  let checking: Promise<void> | undefined
  let nextCheckMs = Number.NEGATIVE_INFINITY

  async function load(record: ModelRecord): Promise<ServedModel | undefined> {
    const version = versionOf(record)
    try {
      const model = decodeModel(await objects.get(record.objectKey, record.sha256))
      observe?.('loaded')
      logger.info({ model_version: version, tracks: model.trackIds.length }, 'model loaded')
      return { version, trainedAt: model.manifest.trainedAt, index: indexModel(model) }
    } catch (error) {
      observe?.('failed')
      logger.error({ error, model_version: version }, 'model could not be loaded')
      return undefined
    }
  }

  async function check(): Promise<void> {
    nextCheckMs = clock.now().getTime() + CHECK_EVERY_MS
    const records = await store.newestModels(served === undefined ? MODELS_TRIED : 1)
    for (const [rank, record] of records.entries()) {
      if (served?.version === versionOf(record)) return
      const loaded = await load(record)
      if (rank === 0 && loaded === undefined) {
        nextCheckMs = clock.now().getTime() + CHECK_AFTER_FAILURE_MS
      }
      if (loaded === undefined) continue
      served = loaded
      return
    }
  }

  function checkOnce(): Promise<void> {
    checking ??= check().finally(() => {
      checking = undefined
    })
    return checking
  }

  return {
    async current() {
      if (clock.now().getTime() < nextCheckMs) {
        if (served === undefined) await checking
        return served
      }
      if (served === undefined) await checkOnce()
      else {
        checkOnce().catch((error: unknown) => {
          logger.warn({ error }, 'the active model could not be looked up')
        })
      }
      return served
    },
  }
}
