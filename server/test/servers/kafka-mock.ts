import { programPath } from './missing-server.ts'
import { runServer, type Server } from './run-server.ts'
import { serverFolder } from './server-folder.ts'

export interface KafkaMockServer extends Omit<Server, 'start' | 'port'> {
  /** `host:port` of its one broker. */
  readonly broker: string
}

const BROKER = /replaced with (127\.0\.0\.1:\d+)/

/**
 * One broker in memory: librdkafka's mock cluster, which lives as long as the kcat that has it.
 * It chooses its port itself, so it cannot come back on the same one.
 * https://github.com/confluentinc/librdkafka/blob/master/src/rdkafka_mock.h
 */
export async function startKafkaMock(): Promise<KafkaMockServer> {
  let broker = ''
  const server = await runServer({
    name: 'kcat',
    command: programPath('kcat') ?? 'kcat',
    args: ['-P', '-b', 'unused:1', '-t', 'unused', '-X', 'test.mock.num.brokers=1'],
    port: 0,
    // It has nothing to keep, and takes seconds to close its mock in good order.
    endSignal: 'SIGKILL',
    folder: serverFolder('kafka'),
    probe: async (log) => {
      const address = BROKER.exec(log)?.[1]
      if (address === undefined) throw new Error('it has not told its address')
      broker = address
    },
  })
  return Object.assign(server, { broker })
}
