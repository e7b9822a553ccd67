import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Channel, Redis } from '#platform/redis'
import { FORGET_CHANNEL } from './redis-names.ts'

const ForgetMessage = Type.Object({
  /** The process that sent it, which has forgotten already. */
  from: Type.String(),
  keys: Type.Array(Type.String()),
  tags: Type.Array(Type.String()),
})

/** What one process tells the others to forget. */
export type ForgetMessage = Static<typeof ForgetMessage>

export interface ForgetListener {
  onForget(keys: readonly string[], tags: readonly string[]): void
  /** Messages may have been missed until now. */
  onGap(): void
}

/** Undefined for anything that is no such message. */
function readMessage(text: string): ForgetMessage | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return Value.Check(ForgetMessage, parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/** Hears what other processes forget, from the first `wake` on. */
export function forgetChannel(
  redis: Redis | undefined,
  processId: string,
  { onForget, onGap }: ForgetListener,
) {
  let channel: Channel | undefined
  let isClosed = false
  return {
    wake(): void {
      if (redis === undefined || channel !== undefined || isClosed) return
      channel = redis.listen(FORGET_CHANNEL, {
        onMessage(text) {
          const message = readMessage(text)
          if (message !== undefined && message.from !== processId) {
            onForget(message.keys, message.tags)
          }
        },
        onListening: onGap,
      })
    },
    close(): void {
      isClosed = true
      channel?.close()
    },
  }
}
