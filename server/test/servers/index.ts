/** Other people's servers, from Debian's packages, for tests that want the real thing. */
export { type KafkaMockServer, startKafkaMock } from './kafka-mock.ts'
export { missingServer, type ServerName } from './missing-server.ts'
export { type NginxServer, startNginx } from './nginx.ts'
export { type PgBouncerServer, startPgBouncer } from './pgbouncer.ts'
export { type RabbitServer, startRabbit } from './rabbit.ts'
export { type RadosgwServer, startRadosgw } from './radosgw.ts'
export { type RedisServer, startRedis } from './redis.ts'
export type { Server } from './run-server.ts'
export {
  type PostgresOptions,
  type PostgresServer,
  startSystemPostgres,
} from './system-postgres.ts'
