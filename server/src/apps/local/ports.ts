import { once } from 'node:events'
import { createServer } from 'node:net'
import { errorCode } from '#platform/errors'
import { LocalRunError } from './local-errors.ts'

export interface WantedPort {
  readonly port: number
  readonly purpose: string
  /** The variable that moves it. */
  readonly variable: string
}

async function whyUnusable(port: number): Promise<string | undefined> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return undefined
  } catch (error) {
    return errorCode(error) === 'EACCES' ? 'needs more rights' : 'is taken'
  } finally {
    server.close()
  }
}

function doubled(wanted: readonly WantedPort[]): WantedPort[] {
  return wanted.filter(
    ({ port }, index) => wanted.findIndex((other) => other.port === port) !== index,
  )
}

/** @throws LocalRunError naming every port that cannot be had and the variable that moves it. */
export async function requirePorts(wanted: readonly WantedPort[]): Promise<void> {
  const faults = doubled(wanted).map(
    ({ port, purpose, variable }) =>
      `Port ${port} (${purpose}) is wanted twice: set ${variable} to another.`,
  )
  for (const { port, purpose, variable } of wanted) {
    const reason = await whyUnusable(port)
    if (reason) faults.push(`Port ${port} (${purpose}) ${reason}: set ${variable} to another.`)
  }
  if (faults.length > 0) throw new LocalRunError(faults.join('\n'))
}
