/** A proxy for tests, which breaks connections to a store in the ways that networks do. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface BreakingProxy {
  url: string
  /**
   * Resets the next connections, one for each number, once so many bytes have passed that way:
   * `toStore` of a request, `toClient` of an answer.
   */
  cut(direction: 'toStore' | 'toClient', afterBytes: readonly number[]): void
  /** Lets the next request that contains this text through, and resets instead of its answer. */
  loseAnswerTo(text: string): void
  /** Lets nothing through any more, without a word. */
  freeze(): void
  thaw(): void
  /** Connections so far. */
  connections(): number
  close(): Promise<void>
}

export async function breakingProxy(target: {
  host: string
  port: number
}): Promise<BreakingProxy> {
  const cuts = { toStore: [] as number[], toClient: [] as number[] }
  const open = new Set<Socket>()
  let frozen = false
  let count = 0
  let losing: string | undefined

  function pass(from: Socket, to: Socket, left: number | undefined) {
    let budget = left ?? Number.POSITIVE_INFINITY
    from.on('data', (chunk) => {
      if (frozen) return
      to.write(chunk.subarray(0, budget))
      budget -= chunk.byteLength
      if (budget > 0) return
      // What was written must leave before the connection is reset.
      to.end(() => {
        from.destroy()
        to.resetAndDestroy()
      })
    })
    from.on('close', () => to.destroy())
    from.on('error', () => to.destroy())
  }

  const server = createServer((client) => {
    count += 1
    const store = connect(target.port, target.host)
    for (const socket of [client, store]) {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
    }
    client.on('data', (chunk) => {
      if (losing === undefined || !chunk.includes(losing)) return
      losing = undefined
      store.removeAllListeners('data')
      store.once('data', () => client.resetAndDestroy())
    })
    pass(client, store, cuts.toStore.shift())
    pass(store, client, cuts.toClient.shift())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: (direction, afterBytes) => void cuts[direction].push(...afterBytes),
    loseAnswerTo(text) {
      losing = text
    },
    freeze() {
      frozen = true
    },
    thaw() {
      frozen = false
    },
    connections: () => count,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}
