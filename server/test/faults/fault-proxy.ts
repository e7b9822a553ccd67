import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type DirectionFault, faultLine, reset } from './fault-line.ts'

export interface Fault {
  /** On what the client sends. */
  readonly toServer?: DirectionFault
  /** On what the server answers. */
  readonly toClient?: DirectionFault
  /** New connections are reset as soon as they are made. */
  readonly refuse?: boolean
}

/** A TCP proxy that behaves as badly as it is told, on every connection alike. */
export interface FaultProxy {
  readonly port: number
  /** Replaces the fault, also for connections that are open. `{}` is an honest proxy. */
  set(fault: Fault): void
  /** Cuts every open connection with RST. */
  resetAll(): void
  /** How many connections are open. */
  connections(): number
  close(): Promise<void>
}

export interface FaultProxyOptions {
  /** Of the server behind it, on 127.0.0.1. */
  readonly targetPort: number
  /** Its own port. Default: any that is free. */
  readonly port?: number
}

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  let fault: Fault = {}
  const clients = new Set<Socket>()
  const servers = new Set<Socket>()

  function join(client: Socket): void {
    if (fault.refuse === true) {
      reset(client)
      return
    }
    const server = connect({ port: options.targetPort, host: '127.0.0.1', noDelay: true })
    client.setNoDelay(true)
    const both = [client, server]
    const isOpen = () => !client.destroyed && !server.destroyed
    clients.add(client)
    servers.add(server)
    for (const socket of both) {
      socket.on('error', () => both.forEach(reset))
      socket.on('close', () => {
        clients.delete(socket)
        servers.delete(socket)
        // A socket that closed without an error has said farewell already, through the pipe: the
        // other may send that, but shall not wait for what its own side still has to say.
        for (const other of both) {
          if (other.writableEnded) other.destroySoon()
          else other.destroy()
        }
      })
    }
    client.pipe(faultLine(() => fault.toServer ?? {}, isOpen)).pipe(server)
    server.pipe(faultLine(() => fault.toClient ?? {}, isOpen)).pipe(client)
  }

  const listener = createServer({ allowHalfOpen: true }, join)
  listener.listen(options.port ?? 0, '127.0.0.1')
  await once(listener, 'listening')
  const resetAll = () => [...clients, ...servers].forEach(reset)
  return {
    port: (listener.address() as AddressInfo).port,
    set(next) {
      fault = next
    },
    resetAll,
    connections: () => clients.size,
    async close() {
      const closed = once(listener, 'close')
      listener.close()
      resetAll()
      await closed
    },
  }
}
