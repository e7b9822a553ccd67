import type { Redis as Client } from 'ioredis'
import { connect } from './redis-client.ts'

export interface ChannelListener {
  onMessage(text: string): void
  /** It listens from now on. Whatever was sent before, since it last listened, was missed. */
  onListening(): void
}

export interface Channel {
  close(): void
}

/** More often than a listener may be deaf without knowing it. */
const HEARTBEAT_MS = 5_000

/** Listens on a channel for as long as the process lives, on a connection of its own. */
export function listenOn(client: Client, channel: string, listener: ChannelListener): Channel {
  client.on('message', (_channel: string, text: string) => listener.onMessage(text))
  client.on('ready', () => {
    client.subscribe(channel).then(
      () => listener.onListening(),
      () => client.disconnect(true),
    )
  })
  // Nothing else would be sent on this connection, and an answer that stays away ends it.
  const heartbeat = setInterval(() => {
    if (client.status === 'ready') client.ping().catch(() => undefined)
  }, HEARTBEAT_MS)
  heartbeat.unref()
  connect(client)
  return {
    close() {
      clearInterval(heartbeat)
      client.disconnect()
    },
  }
}
