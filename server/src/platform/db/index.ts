/** PostgreSQL: the connection pool, its observation, and the schema's migrations. */
export { type Database, type DatabaseOptions, openDatabase } from './database.ts'
export { type MigrationReport, migrate } from './migrate.ts'
export type { QueryObserver } from './query-log.ts'
