import type { Kysely } from 'kysely'
import { Value } from 'typebox/value'
import { ModelManifest } from '../model/model-manifest.ts'
import type { RecommendationTables } from '../recommendations.tables.ts'

/** A published model. */
export interface ModelRecord {
  id: string
  /** Of the software that trained it. */
  version: string
  objectKey: string
  sha256: string
}

export interface NewModel extends ModelRecord {
  sizeBytes: number
  manifest: ModelManifest
  createdAt: Date
}

export interface ActiveModel {
  id: string
  version: string
  /** Undefined when other software wrote it, in a form that this one does not know. */
  manifest: ModelManifest | undefined
}

export type ModelStore = ReturnType<typeof modelStore>

/** SQL over the registry of models. */
export function modelStore(db: Kysely<Pick<RecommendationTables, 'reco_model'>>) {
  return {
    /** The active model first, then those that were active before it, the latest first. */
    newestModels(limit: number): Promise<ModelRecord[]> {
      return db
        .selectFrom('reco_model')
        .select(['id', 'version', 'object_key as objectKey', 'sha256'])
        .orderBy('status')
        .orderBy('sequence', 'desc')
        .limit(limit)
        .execute()
    },

    async activeModel(): Promise<ActiveModel | undefined> {
      const row = await db
        .selectFrom('reco_model')
        .select(['id', 'version', 'manifest'])
        .where('status', '=', 'active')
        .executeTakeFirst()
      if (row === undefined) return undefined
      const { id, version, manifest } = row
      return { id, version, manifest: Value.Check(ModelManifest, manifest) ? manifest : undefined }
    },

    /**
     * Adds a model and makes it the active one, if the active one still is the one that the caller
     * knows: its id, or undefined for none. Of rivals that know the same one, one succeeds.
     * @returns whether it did; if not, nothing has changed.
     */
    activate(model: NewModel, replaces: string | undefined): Promise<boolean> {
      return db.transaction().execute(async (trx) => {
        if (replaces !== undefined) {
          // A rival waits here for us, and then finds the row retired.
          const retired = await trx
            .updateTable('reco_model')
            .set({ status: 'retired' })
            .where('id', '=', replaces)
            .where('status', '=', 'active')
            .executeTakeFirst()
          if (retired.numUpdatedRows === 0n) return false
        }
        const added = await trx
          .insertInto('reco_model')
          .values({
            id: model.id,
            version: model.version,
            algorithm: model.manifest.algorithm,
            object_key: model.objectKey,
            sha256: model.sha256,
            size_bytes: model.sizeBytes,
            manifest: JSON.stringify(model.manifest),
            status: 'active',
            created_at: model.createdAt,
          })
          .onConflict((conflict) =>
            conflict.column('status').where('status', '=', 'active').doNothing(),
          )
          .returning('id')
          .executeTakeFirst()
        return added !== undefined
      })
    },
  }
}
