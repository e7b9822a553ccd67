/** PostgreSQL: the connection pool, its observation, and the schema's migrations. */
export { type Database, openDatabase } from './database.ts'
export { migrate } from './migrate.ts'
