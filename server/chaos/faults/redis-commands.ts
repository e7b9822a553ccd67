import { Redis } from 'ioredis'

const TIMEOUT_MS = 3_000

/** One command on a connection of its own. */
export async function askRedis(url: string, command: string, ...args: string[]): Promise<void> {
  const client = new Redis(url, { commandTimeout: TIMEOUT_MS, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.call(command, ...args)
  } finally {
    client.disconnect()
  }
}
