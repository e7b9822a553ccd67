import type { Socket } from 'node:net'
import { Transform, type TransformCallback } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

/** What happens to the bytes of one direction. */
export interface DirectionFault {
  /** Each chunk arrives this much later. */
  readonly latencyMs?: number
  /** Chunks are cut into pieces of at most this many bytes, one write each. */
  readonly sliceBytes?: number
  /** Nothing arrives, and nobody is told: what a frozen host or a cut cable looks like. */
  readonly blackhole?: boolean
}

/** The longest that a blackholed direction waits before it looks whether it is one still. */
const LOOK_AGAIN_MS = 20

/** Reads the fault anew for every chunk, so that it may change under an open connection. */
export function faultLine(faultNow: () => DirectionFault, isOpen: () => boolean): Transform {
  async function pass(line: Transform, chunk: Buffer): Promise<void> {
    const { latencyMs = 0 } = faultNow()
    if (latencyMs > 0) await delay(latencyMs)
    while (faultNow().blackhole === true && isOpen()) await delay(LOOK_AGAIN_MS)
    const { sliceBytes = chunk.length } = faultNow()
    for (let at = 0; at < chunk.length; at += sliceBytes) {
      line.push(chunk.subarray(at, at + sliceBytes))
      // A turn of the event loop between two pieces, or the socket would write them as one.
      if (sliceBytes < chunk.length) await delay(0)
    }
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      pass(this, chunk).then(
        () => done(),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      )
    },
  })
}

/** Cuts a connection with RST: what a crash or a firewall does, where an end would be a farewell. */
export function reset(socket: Socket): void {
  if (socket.destroyed) return
  // libuv resets no socket whose end is still on its way, and Node would then never close it.
  if (socket.writableEnded && !socket.writableFinished) socket.destroy()
  else socket.resetAndDestroy()
}
