import type { Client } from 'pg'

export interface TableInfo {
  table: string
  /** Of the partitioned table that it is a part of. */
  parent: string | null
  /** `for values from (…) to (…)`; of a partition. */
  bound: string | null
  /** Holds no rows of its own. */
  partitioned: boolean
  /** Those that are stored, not computed, in their order. */
  columns: string[]
  /** Columns of type xid8: numbers of this cluster's transactions. */
  transactionColumns: string[]
}

/** What the migrate command itself writes. */
const KEPT_BY_MIGRATE = ['schema_migration', 'schema_migration_lock']

/** The service's tables, partitions included, by name; none of an extension's. */
export async function readTables(client: Client): Promise<TableInfo[]> {
  const { rows } = await client.query<TableInfo>(
    `select
       class.relname as "table",
       parent.relname as "parent",
       pg_get_expr(class.relpartbound, class.oid) as "bound",
       class.relkind = 'p' as "partitioned",
       columns.names as "columns",
       columns.of_transactions as "transactionColumns"
     from pg_class as class
     left join pg_inherits on inhrelid = class.oid and class.relispartition
     left join pg_class as parent on parent.oid = inhparent
     cross join lateral (
       select
         coalesce(array_agg(attname::text order by attnum), '{}') as names,
         coalesce(array_agg(attname::text order by attnum)
           filter (where atttypid = 'xid8'::regtype), '{}') as of_transactions
       from pg_attribute
       where attrelid = class.oid and attnum > 0 and not attisdropped and attgenerated = ''
     ) as columns
     where class.relnamespace = 'public'::regnamespace
       and class.relkind in ('r', 'p')
       and class.relname <> all ($1)
       and not exists (
         select from pg_depend
         where classid = 'pg_class'::regclass and objid = class.oid and deptype = 'e'
       )
     order by class.relname`,
    [KEPT_BY_MIGRATE],
  )
  return rows
}

/** Which table refers to which by a foreign key, itself left out. */
export async function readReferences(client: Client): Promise<{ from: string; to: string }[]> {
  const { rows } = await client.query<{ from: string; to: string }>(
    `select distinct referring.relname as "from", referred.relname as "to"
     from pg_constraint
     join pg_class as referring on referring.oid = conrelid
     join pg_class as referred on referred.oid = confrelid
     where contype = 'f' and conrelid <> confrelid
       and connamespace = 'public'::regnamespace`,
  )
  return rows
}

/** Sequences that were ever used. Read last: they are no part of a snapshot, and only go up. */
export async function readSequences(
  client: Client,
): Promise<{ sequence: string; lastValue: string }[]> {
  const { rows } = await client.query<{ sequence: string; lastValue: string }>(
    `select sequencename as "sequence", last_value::text as "lastValue"
     from pg_sequences where schemaname = 'public' and last_value is not null
     order by sequencename`,
  )
  return rows
}
