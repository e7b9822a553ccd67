import type { InteractionMatrix } from './interactions.ts'
import { trainItemKnn } from './item-knn.ts'
import type { ItemModel } from './item-model.ts'
import { ItemKnnAlgorithm, type ItemKnnParameters, type ModelManifest } from './model-manifest.ts'
import type { LanguageColumns } from './track-languages.ts'

export interface ModelTraining {
  interactions: InteractionMatrix
  languages: LanguageColumns
  parameters: Readonly<ItemKnnParameters>
  origins: ModelManifest['origins']
  trainedAt: Date
  signal?: AbortSignal
}

/** Trains a model and writes down what went into it. @throws the signal's reason when aborted. */
export async function trainModel(training: ModelTraining): Promise<ItemModel> {
  const { interactions, languages, parameters, origins, trainedAt } = training
  const arrays = await trainItemKnn(training)
  return {
    ...arrays,
    manifest: {
      algorithm: ItemKnnAlgorithm,
      parameters: { ...parameters },
      trainedAt: trainedAt.toISOString(),
      datasetHash: interactions.datasetHash,
      languagesHash: languages.languagesHash,
      counts: {
        listeners: interactions.listenerCount,
        tracks: interactions.trackIds.length,
        interactions: interactions.size,
        languages: languages.languages.length,
        neighbours: arrays.targets.length,
      },
      origins: [...origins],
    },
  }
}
