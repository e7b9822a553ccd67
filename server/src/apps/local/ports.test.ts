import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { requirePorts } from './ports.ts'

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

it('names every port that is taken and the variable that moves it', async () => {
  const [api, sandbox] = [await takenPort(), await takenPort()]
  const check = requirePorts([
    { port: api, purpose: 'API', variable: 'PORT' },
    { port: sandbox, purpose: 'sandbox', variable: 'SANDBOX_PORT' },
  ])

  await expect(check).rejects.toThrow(
    `Port ${api} (API) is taken: set PORT to another.\nPort ${sandbox} (sandbox) is taken: set SANDBOX_PORT`,
  )
})

it('refuses one port for two purposes', async () => {
  const check = requirePorts([
    { port: 65_123, purpose: 'API', variable: 'PORT' },
    { port: 65_123, purpose: 'metrics', variable: 'METRICS_PORT' },
  ])

  await expect(check).rejects.toThrow('Port 65123 (metrics) is wanted twice')
})
