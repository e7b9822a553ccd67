/** PostgreSQL: the connection pool, its observation, the replica, and the schema's migrations. */
export { type Database, openDatabase } from './database.ts'
export { databaseMetrics } from './database-metrics.ts'
export { appliedMigrations, knownMigrations, migrate } from './migrate.ts'
export { openReads } from './replica/open-reads.ts'
export { serverActivity } from './server-activity.ts'
export { limitRole } from './session-limits.ts'
export type { SlowQuery } from './slow-query.ts'
export { waitForDatabase } from './wait-for-database.ts'
