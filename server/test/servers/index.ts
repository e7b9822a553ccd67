/** Other people's servers, from Debian's packages, for tests that want the real thing. */
export { type KafkaMockServer, startKafkaMock } from './kafka-mock.ts'
export { missingServer, type ServerName } from './missing-server.ts'
export { type NginxServer, startNginx } from './nginx.ts'
export { type PgBouncerServer, startPgBouncer } from './pgbouncer.ts'
export { portAnswers } from './port-answers.ts'
export { type RabbitServer, startRabbit } from './rabbit.ts'
export { type RadosgwServer, startRadosgw } from './radosgw.ts'
export { type RedisServer, startRedis } from './redis.ts'
export { runServer, type Server } from './run-server.ts'
export { serverFolder } from './server-folder.ts'
export { sparePort } from './spare-port.ts'
export { type ReplicaServer, startStreamingReplica } from './streaming-replica.ts'
export {
  type PostgresOptions,
  type PostgresServer,
  startSystemPostgres,
} from './system-postgres.ts'
