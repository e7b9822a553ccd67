import { once } from 'node:events'
import { connect } from 'node:net'

/** Resolves when somebody accepts connections on this port of 127.0.0.1. */
export async function portAnswers(port: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}
