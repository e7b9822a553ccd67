import { type Kysely, sql } from 'kysely'
import type { CatalogueTables, Namespace } from './catalogue.tables.ts'
import { type ExternalKey, keyText } from './external-key.ts'
import type { Provenance } from './provenance.ts'
import type { EntityKeys, KeyClaim } from './resolve-entities.ts'

const columnsOf = (keys: readonly ExternalKey[]) => ({
  namespaces: keys.map(({ namespace }) => namespace),
  values: keys.map(({ value }) => value),
})

/** SQL over `external_id`: who bears which name. */
export function entityKeys(db: Kysely<CatalogueTables>, source: Provenance): EntityKeys {
  return {
    async owners(entity, keys) {
      if (keys.length === 0) return new Map()
      const { namespaces, values } = columnsOf(keys)
      const wanted = sql<{ namespace: Namespace; value: string }>`
        select * from unnest(${namespaces}::text[], ${values}::text[])`
      const rows = await db
        .selectFrom('external_id')
        .select(['namespace', 'value', 'entity_id'])
        .where('entity', '=', entity)
        .where(sql<boolean>`(namespace, value) in (${wanted})`)
        .execute()
      return new Map(rows.map((row) => [keyText(row), row.entity_id]))
    },

    async namespaces(entityIds) {
      const found = new Map<string, Set<Namespace>>()
      if (entityIds.length === 0) return found
      const rows = await db
        .selectFrom('external_id')
        .select(['entity_id', 'namespace'])
        .where('entity_id', 'in', entityIds)
        .where('namespace', '!=', 'name')
        .execute()
      for (const row of rows) {
        found.set(row.entity_id, (found.get(row.entity_id) ?? new Set()).add(row.namespace))
      }
      return found
    },

    async claim(entity, claims) {
      const { namespaces, values } = columnsOf(claims)
      const entityIds = claims.map(({ entityId }) => entityId)
      await sql`
        insert into external_id (entity, namespace, value, entity_id, origin, fetched_at)
        select ${entity}, namespace, value, entity_id, ${source.origin}, ${source.fetchedAt}
        from unnest(${namespaces}::text[], ${values}::text[], ${entityIds}::uuid[])
          as claimed (namespace, value, entity_id)
        on conflict (entity, namespace, value) do nothing`.execute(db)
    },

    async reassign(entity, claims: readonly KeyClaim[]) {
      const { namespaces, values } = columnsOf(claims)
      const entityIds = claims.map(({ entityId }) => entityId)
      await sql`
        update external_id set entity_id = moved.entity_id
        from unnest(${namespaces}::text[], ${values}::text[], ${entityIds}::uuid[])
          as moved (namespace, value, entity_id)
        where external_id.entity = ${entity}
          and external_id.namespace = moved.namespace
          and external_id.value = moved.value`.execute(db)
    },
  }
}
