import type { Kysely } from 'kysely'
import type { CatalogueTables } from './catalogue.tables.ts'
import { entityKeys } from './entity-keys.store.ts'
import { type FactReads, factReads } from './fact-reads.store.ts'
import { type FactWrites, factWrites } from './fact-writes.store.ts'
import type { Provenance } from './provenance.ts'
import type { EntityKeys } from './resolve-entities.ts'

export interface Recording {
  keys: EntityKeys
  facts: FactWrites
  /** The transaction, for what must commit with it. */
  within: Kysely<CatalogueTables>
}

export type CatalogueStore = FactReads & {
  /** Runs the work in one transaction; all it writes bears the provenance. */
  recording<T>(source: Provenance, work: (recording: Recording) => Promise<T>): Promise<T>
}

/** SQL over the catalogue's tables. */
export function catalogueStore(db: Kysely<CatalogueTables>): CatalogueStore {
  return {
    ...factReads(db),
    recording: (source, work) =>
      db.transaction().execute((within) =>
        work({
          keys: entityKeys(within, source),
          facts: factWrites(within, source),
          within,
        }),
      ),
  }
}
