import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '#platform/clock'
import { type ObjectFault, type ObjectStore, objectFault } from '#platform/objects'
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

/** `unusable`: whole, but not a model that this software understands. */
export type LoadOutcome = 'loaded' | ObjectFault | 'unusable'

export interface ModelLoader {
  /**
   * The active model, or the last one that was good while the active one cannot be read.
   * Undefined when none was ever published or can be read, or the first one takes too long to come.
   */
  current(): Promise<ServedModel | undefined>
}

export interface ModelLoaderDependencies {
  store: Pick<ModelStore, 'newestModels'>
  objects: Pick<ObjectStore, 'get'>
  clock: Clock
  logger: Logger
  /** Told of every attempt to load a model, for metrics. */
  observe?: (outcome: LoadOutcome) => void
  /** How long a caller waits for the first model, in milliseconds. Default: 5 seconds. */
  firstWaitMs?: number
}

const CHECK_EVERY_MS = 10_000
/** A damaged file is large to read, and seldom good a moment later. A store may be back soon. */
const CHECK_AFTER_DAMAGE_MS = 60_000
/** A store that is frozen must not hold requests for as long as it is asked. */
const FIRST_WAIT_MS = 5_000
/** The active model and those before it, for a process that starts while the active one is bad. */
const MODELS_TRIED = 3

export const versionOf = ({ version, sha256 }: Pick<ModelRecord, 'version' | 'sha256'>) =>
  `${version}+${sha256.slice(0, 12)}`

const outcomeOf = (error: unknown): Exclude<LoadOutcome, 'loaded'> =>
  objectFault(error) ?? 'unusable'

/** Keeps the active model in memory; looks for a newer one in the background now and then. */
export function modelLoader(dependencies: ModelLoaderDependencies): ModelLoader {
  const { store, objects, clock, logger, observe, firstWaitMs = FIRST_WAIT_MS } = dependencies
  let served: ServedModel | undefined
  let checking: Promise<void> | undefined
  let nextCheckMs = Number.NEGATIVE_INFINITY

  const checkAgainIn = (ms: number) => {
    nextCheckMs = clock.now().getTime() + ms
  }

  async function load(record: ModelRecord): Promise<ServedModel> {
    const model = decodeModel(await objects.get(record.objectKey, record.sha256))
    return {
      version: versionOf(record),
      trainedAt: model.manifest.trainedAt,
      index: indexModel(model),
    }
  }

  async function tryLoad(record: ModelRecord): Promise<LoadOutcome> {
    const version = versionOf(record)
    try {
      served = await load(record)
      observe?.('loaded')
      logger.info(
        { model_version: version, tracks: served.index.model.trackIds.length },
        'model loaded',
      )
      return 'loaded'
    } catch (error) {
      const outcome = outcomeOf(error)
      observe?.(outcome)
      logger.error({ error, model_version: version, outcome }, 'model could not be loaded')
      return outcome
    }
  }

  async function check(): Promise<void> {
    checkAgainIn(CHECK_EVERY_MS)
    const limit = served === undefined ? MODELS_TRIED : 1
    const [active, ...before] = await store.newestModels(limit)
    if (active === undefined || served?.version === versionOf(active)) return
    const outcome = await tryLoad(active)
    if (outcome === 'loaded') return
    if (outcome !== 'unavailable') checkAgainIn(CHECK_AFTER_DAMAGE_MS)
    for (const record of before) {
      if ((await tryLoad(record)) === 'loaded') return
    }
  }

  function checkOnce(): Promise<void> {
    checking ??= check().finally(() => {
      checking = undefined
    })
    return checking
  }

  /** Whatever comes of the check later, it goes on without the caller. */
  const waitFor = (check: Promise<void> | undefined) =>
    Promise.race([check, delay(firstWaitMs, undefined, { ref: false })])

  return {
    async current() {
      const isDue = clock.now().getTime() >= nextCheckMs
      if (served === undefined) {
        await waitFor(isDue ? checkOnce() : checking)
      } else if (isDue) {
        checkOnce().catch((error: unknown) => {
          logger.warn({ error }, 'the active model could not be looked up')
        })
      }
      return served
    },
  }
}
