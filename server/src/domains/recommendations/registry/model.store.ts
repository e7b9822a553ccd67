import { type Kysely, sql } from 'kysely'
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

    /** The active model's version and manifest; undefined when there is none, or none we know. */
    async activeModel(): Promise<{ version: string; manifest: ModelManifest } | undefined> {
      const row = await db
        .selectFrom('reco_model')
        .select(['version', 'manifest'])
        .where('status', '=', 'active')
        .executeTakeFirst()
      if (row === undefined || !Value.Check(ModelManifest, row.manifest)) return undefined
      return { version: row.version, manifest: row.manifest }
    },

    /** Adds a model and makes it the active one, in place of the one that was. */
    activate(model: NewModel): Promise<void> {
      return db.transaction().execute(async (trx) => {
        // Without it, a rival's new active row is invisible to the update that follows, and the
        // insert fails. Readers are not held up.
        await sql`lock table reco_model in share row exclusive mode`.execute(trx)
        await trx
          .updateTable('reco_model')
          .set({ status: 'retired' })
          .where('status', '=', 'active')
          .execute()
        await trx
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
          .execute()
      })
    },
  }
}
