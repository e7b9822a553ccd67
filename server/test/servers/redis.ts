import { programPath } from './missing-server.ts'
import { portAnswers } from './port-answers.ts'
import { runServer, type Server } from './run-server.ts'
import { serverFolder } from './server-folder.ts'
import { sparePort } from './spare-port.ts'

export interface RedisServer extends Server {
  readonly url: string
}

/** Redis that keeps nothing on disk. `settings` as in redis.conf: `{ maxmemory: '4mb' }`. */
export async function startRedis(
  settings: Readonly<Record<string, string>> = {},
): Promise<RedisServer> {
  const port = await sparePort()
  const folder = serverFolder('redis')
  const all = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'no',
    ...settings,
  }
  const server = await runServer({
    name: 'redis-server',
    command: programPath('redis-server') ?? 'redis-server',
    args: Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]),
    port,
    folder,
    probe: () => portAnswers(port),
  })
  return Object.assign(server, { url: `redis://127.0.0.1:${port}` })
}
