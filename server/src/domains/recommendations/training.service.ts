import type { Clock } from '#platform/clock'
import type { ObjectStore } from '#platform/objects'
import type { Logger } from '#platform/telemetry'
import { collectInteractions, type InteractionMatrix } from './model/interactions.ts'
import type { ItemKnnParameters, ModelManifest } from './model/model-manifest.ts'
import { type LanguageColumns, languageColumns } from './model/track-languages.ts'
import { trainModel } from './model/train-model.ts'
import { surelySung } from './ranking/languages.ts'
import type { DetectedLanguages, TrainingMusic } from './recommendations.ports.ts'
import type { ActiveModel, ModelStore } from './registry/model.store.ts'
import { versionOf } from './registry/model-loader.ts'
import { MODEL_VERSION, publishModel } from './registry/publish-model.ts'

export interface TrainingDependencies {
  store: Pick<ModelStore, 'activeModel' | 'activate'>
  objects: Pick<ObjectStore, 'put' | 'putFile'>
  music: TrainingMusic
  language: DetectedLanguages
  /** How certain a language must be for a track to count among that language's, 0-1. */
  minConfidence: number
  parameters: Readonly<ItemKnnParameters>
  /** Where `music.trainingInteractions` takes its rows from. */
  origins: ModelManifest['origins']
  clock: Clock
  logger: Logger
}

export type TrainingOutcome =
  | {
      trained: true
      version: string
      counts: ModelManifest['counts']
      /** Nobody had looked at their language yet: train again when somebody has. */
      tracksWithPendingLanguage: number
    }
  | { trained: false; why: 'too_few_listeners' | 'unchanged' }

/** What a training goes through, in this order. */
const STAGES = ['plays', 'languages', 'model', 'publication'] as const
type ReportStage = (done: number, total: number, stage: (typeof STAGES)[number]) => void

export interface Training {
  /**
   * Trains on all there is and makes the result the active model, unless it would be the same.
   * Whenever another training has published meanwhile, it begins again: what comes out last was
   * made of everything that was there.
   * Tells of each stage when it begins. @throws the signal's reason when aborted; nothing is then
   * published.
   */
  train(signal?: AbortSignal, onProgress?: ReportStage): Promise<TrainingOutcome>
}

/** One listener has no neighbours: every track would be as near as every other. */
const MIN_LISTENERS = 2
const TRACKS_A_QUERY = 1000
/** Trainings seldom meet: the job is exclusive, so the other one was started by hand. */
const ATTEMPTS = 5

export function trainingService(dependencies: TrainingDependencies): Training {
  const { store, music, language, minConfidence, parameters, origins, clock, logger } = dependencies
  const surelySungIn = surelySung(minConfidence)

  async function languagesOf(trackIds: readonly string[], signal?: AbortSignal) {
    const sung = new Map<string, string[]>()
    let pending = 0
    for (let from = 0; from < trackIds.length; from += TRACKS_A_QUERY) {
      signal?.throwIfAborted()
      const found = await language.languagesOf(trackIds.slice(from, from + TRACKS_A_QUERY))
      for (const [trackId, detected] of found) {
        if (detected.status === 'pending') pending += 1
        sung.set(
          trackId,
          surelySungIn(detected).map(({ tag }) => tag),
        )
      }
    }
    return { languages: languageColumns(trackIds, (trackId) => sung.get(trackId) ?? []), pending }
  }

  /** Undefined when another model was published in the meantime. */
  async function tryTrain(
    signal?: AbortSignal,
    onProgress?: ReportStage,
  ): Promise<TrainingOutcome | undefined> {
    const begin = (stage: (typeof STAGES)[number]) =>
      onProgress?.(STAGES.indexOf(stage), STAGES.length, stage)
    begin('plays')
    const active = await store.activeModel()
    const interactions = await collectInteractions(music.trainingInteractions(), signal)
    const { listenerCount, size, trackIds } = interactions
    logger.info({ listeners: listenerCount, tracks: trackIds.length, interactions: size }, 'read')
    if (listenerCount < MIN_LISTENERS) return { trained: false, why: 'too_few_listeners' }
    begin('languages')
    const { languages, pending } = await languagesOf(trackIds, signal)
    if (wouldBeSame(active, interactions, languages, parameters)) {
      return { trained: false, why: 'unchanged' }
    }
    begin('model')
    const trainedAt = clock.now()
    const request = { interactions, languages, parameters, origins, trainedAt }
    const model = await trainModel({ ...request, ...(signal !== undefined && { signal }) })
    signal?.throwIfAborted()
    begin('publication')
    const record = await publishModel(model, active?.id, dependencies)
    if (record === undefined) return undefined
    return {
      trained: true,
      version: versionOf(record),
      counts: model.manifest.counts,
      tracksWithPendingLanguage: pending,
    }
  }

  return {
    async train(signal, onProgress) {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const outcome = await tryTrain(signal, onProgress)
        if (outcome !== undefined) {
          logger.info({ outcome }, 'training done')
          return outcome
        }
        logger.warn({ attempt }, 'another model was published meanwhile: training again')
      }
      throw new Error('other trainings keep publishing models')
    },
  }
}

function wouldBeSame(
  active: ActiveModel | undefined,
  interactions: InteractionMatrix,
  languages: LanguageColumns,
  parameters: Readonly<ItemKnnParameters>,
): boolean {
  const manifest = active?.manifest
  return (
    manifest !== undefined &&
    active?.version === MODEL_VERSION &&
    manifest.datasetHash === interactions.datasetHash &&
    manifest.languagesHash === languages.languagesHash &&
    sameParameters(manifest.parameters, parameters)
  )
}

/** Compared by name: JSONB keeps no order of members. */
const sameParameters = (a: ItemKnnParameters, b: Readonly<ItemKnnParameters>) =>
  (Object.keys(b) as (keyof ItemKnnParameters)[]).every((name) => a[name] === b[name])
