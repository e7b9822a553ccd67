import { type Kysely, sql } from 'kysely'

/** What the server does in this database, for whomever. */
export interface ServerActivity {
  active: number
  idle: number
  idleInTransaction: number
  /** Sessions that wait for a lock. */
  lockWaits: number
}

/** Other roles' sessions count as active only where this one may see them (pg_monitor). */
export async function serverActivity<Tables>(db: Kysely<Tables>): Promise<ServerActivity> {
  const { rows } = await sql<Record<keyof ServerActivity, string>>`
    select
      count(*) filter (where state = 'active') as active,
      count(*) filter (where state = 'idle') as idle,
      count(*) filter (where state like 'idle in transaction%') as "idleInTransaction",
      count(*) filter (where wait_event_type = 'Lock') as "lockWaits"
    from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend'`.execute(db)
  const [row] = rows
  return {
    active: Number(row?.active ?? 0),
    idle: Number(row?.idle ?? 0),
    idleInTransaction: Number(row?.idleInTransaction ?? 0),
    lockWaits: Number(row?.lockWaits ?? 0),
  }
}
