import type { Redis as Client } from 'ioredis'
import type { RedisConfig } from '#platform/config'
import type { Logger } from '#platform/telemetry'
import { type Channel, type ChannelListener, listenOn } from './redis-channel.ts'
import { connect, redisClient } from './redis-client.ts'

export interface RedisOptions {
  logger: Logger
  /** Names the process among Redis' clients: `api`, `worker`. */
  role: string
}

export interface Redis {
  /** How long a command waits for its answer. */
  readonly commandTimeoutMs: number
  /**
   * For commands and scripts. Not connected, a command fails at once; unanswered, after the
   * configured time. Connects when it is first asked for, and then whenever it can.
   */
  client(): Client
  /** Begins to connect, unless it has. */
  connect(): void
  /** @throws when there is no answer in time. */
  ping(): Promise<unknown>
  /** Tells each time that commands can be sent, and that they cannot any more. */
  watch(listener: { onReady(): void; onLost(): void }): void
  listen(channel: string, listener: ChannelListener): Channel
  /** Drops all connections at once, without waiting for answers. */
  close(): void
}

/** Redis as something that may be away at any time. Connects to nothing before it is used. */
export function openRedis(config: RedisConfig, { logger, role }: RedisOptions): Redis {
  const open = (name: string) => redisClient(config, { logger, name: `${role}-${name}` })
  const commands = open('commands')
  const channels = new Set<Channel>()
  let isClosed = false

  function client(): Client {
    if (!isClosed) connect(commands)
    return commands
  }

  return {
    commandTimeoutMs: config.commandTimeoutMs,
    client,
    connect: () => void client(),
    ping: () => client().ping(),
    watch({ onReady, onLost }) {
      commands.on('ready', onReady)
      commands.on('close', onLost)
    },
    listen(channel, listener) {
      const opened = listenOn(open(channel), channel, listener)
      channels.add(opened)
      return opened
    },
    close() {
      isClosed = true
      for (const channel of channels) channel.close()
      commands.disconnect()
    },
  }
}
