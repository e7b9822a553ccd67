import { Redis as Client, type RedisOptions as ClientOptions } from 'ioredis'
import type { RedisConfig } from '#platform/config'
import type { Logger } from '#platform/telemetry'

const CONNECT_TIMEOUT_MS = 1_000
/** A host that vanished without a word leaves a connection that only this ends. */
const SILENCE_TIMEOUT_MS = 4_000
const DISCONNECT_TIMEOUT_MS = 200
const FIRST_RETRY_MS = 50
const MAX_RETRY_MS = 1_000

const clientOptions = (commandTimeoutMs: number, name: string): ClientOptions => ({
  lazyConnect: true,
  connectionName: name.replaceAll(/[^\w.-]/g, '-'),
  disableClientInfo: true,
  commandTimeout: commandTimeoutMs,
  connectTimeout: CONNECT_TIMEOUT_MS,
  socketTimeout: SILENCE_TIMEOUT_MS,
  disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  // What cannot be sent now fails now.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  // Sent again later, an old write would come after the deletion that followed it.
  autoResendUnfulfilledCommands: false,
  // Its promise is nobody's, so a second loss of the connection would end the process.
  autoResubscribe: false,
  retryStrategy: (attempt) => Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt, 8), MAX_RETRY_MS),
})

/** One line when the connection is lost and one when it is back, however often it fails between. */
function logOutages(client: Client, logger: Logger, name: string): void {
  let isLost = false
  // Also what keeps an error without another listener from being printed or thrown.
  client.on('error', (error: unknown) => {
    if (isLost) return
    isLost = true
    logger.warn({ error, connection: name, event: 'redis.lost' }, 'Redis does not answer')
  })
  client.on('ready', () => {
    if (!isLost) return
    isLost = false
    logger.info({ connection: name, event: 'redis.back' }, 'Redis answers again')
  })
}

/** One connection, made when `connect` is called and then again and again for as long as it lives. */
export function redisClient(
  { url, commandTimeoutMs }: RedisConfig,
  { logger, name }: { logger: Logger; name: string },
): Client {
  const client = new Client(url, clientOptions(commandTimeoutMs, name))
  logOutages(client, logger, name)
  return client
}

/** Begins to connect unless it has. */
export function connect(client: Client): void {
  // A failure is an `error` event too, and tried again.
  if (client.status === 'wait') client.connect().catch(() => undefined)
}
