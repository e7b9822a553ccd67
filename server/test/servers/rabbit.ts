import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { programPath } from './missing-server.ts'
import { portAnswers } from './port-answers.ts'
import { runServer, type Server } from './run-server.ts'
import { serverFolder } from './server-folder.ts'
import { sparePort } from './spare-port.ts'

export interface RabbitServer extends Server {
  readonly url: string
}

/** Debian's own script changes to the system's user and folders; this is the one below it. */
const PROGRAM = '/usr/lib/rabbitmq/bin/rabbitmq-server'
const START_WITHIN_MS = 90_000

/** Erlang's; were there none, the node would start one that outlives it. */
const startNameServer = (port: number) =>
  runServer({
    name: 'epmd',
    command: programPath('epmd') ?? 'epmd',
    args: ['-port', String(port), '-address', '127.0.0.1'],
    port,
    folder: serverFolder('epmd'),
    probe: () => portAnswers(port),
  })

/**
 * RabbitMQ with quorum queues and streams, a node of its own. A start takes about 6 to 15 seconds.
 * A quorum queue that is declared less than some 3 seconds before `kill` answers no more: the node
 * keeps the queue's name in a table that it writes late.
 */
export async function startRabbit(): Promise<RabbitServer> {
  const [port, distributionPort, epmdPort] = [
    await sparePort(),
    await sparePort(),
    await sparePort(),
  ]
  const folder = serverFolder('rabbit')
  await writeFile(join(folder, '.erlang.cookie'), 'of-a-test-only', { mode: 0o600 })
  await writeFile(join(folder, 'enabled_plugins'), '[].\n')
  await writeFile(
    join(folder, 'rabbitmq.conf'),
    `listeners.tcp.1 = 127.0.0.1:${port}\nlog.console = true\nlog.console.level = info\nlog.file = false\n`,
  )
  const names = await startNameServer(epmdPort)
  const server = await runServer({
    name: 'rabbitmq-server',
    command: PROGRAM,
    args: [],
    port,
    folder,
    startWithinMs: START_WITHIN_MS,
    env: {
      // The script then becomes the node itself instead of watching over it.
      RUNNING_UNDER_SYSTEMD: 'true',
      RABBITMQ_NODENAME: `test${port}@localhost`,
      RABBITMQ_DIST_PORT: String(distributionPort),
      ERL_EPMD_PORT: String(epmdPort),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
      RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
      RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
      RABBITMQ_PID_FILE: join(folder, 'pid'),
    },
    probe: () => portAnswers(port),
  }).catch(async (error: unknown) => {
    await names.stop()
    throw error
  })
  const { stop } = server
  return Object.assign(server, {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    async stop() {
      await stop()
      await names.stop()
    },
  })
}
