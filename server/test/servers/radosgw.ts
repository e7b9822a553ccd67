import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cephConfig } from './ceph-config.ts'
import { programPath } from './missing-server.ts'
import { portAnswers } from './port-answers.ts'
import { runServer, type Server } from './run-server.ts'
import { serverFolder } from './server-folder.ts'
import { sparePort } from './spare-port.ts'

export interface RadosgwServer extends Server {
  /** Its S3 endpoint; buckets are paths below it. */
  readonly endpoint: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

const STORE_ID = '0'
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'secret' }
const program = (name: string) => programPath(name) ?? name

/** Starts Ceph's monitor and one store; resolves when a gateway may be started on them. */
async function startCeph(folder: string, config: string, fsid: string, monitorPort: number) {
  const run = (name: string, ...args: string[]) =>
    promisify(execFile)(program(name), ['-c', config, ...args], { cwd: folder })
  const map = join(folder, 'monmap')
  const monitorAddress = `[v2:127.0.0.1:${monitorPort}/0]`
  await run('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', monitorAddress, map)
  await run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map)
  const monitor = await runServer({
    name: 'ceph-mon',
    command: program('ceph-mon'),
    args: ['-c', config, '-f', '-i', 'a'],
    port: monitorPort,
    folder: serverFolder('ceph-mon'),
    probe: () => portAnswers(monitorPort),
  })
  try {
    const storeFsid = randomUUID()
    await run('ceph', 'osd', 'new', storeFsid)
    await run('ceph-osd', '--no-mon-config', '-i', STORE_ID, '--mkfs', '--osd-uuid', storeFsid)
    const store = await runServer({
      name: 'ceph-osd',
      command: program('ceph-osd'),
      args: ['-c', config, '--no-mon-config', '-f', '-i', STORE_ID],
      port: 0,
      folder: serverFolder('ceph-osd'),
      endSignal: 'SIGKILL',
      probe: async (log) => {
        if (!log.includes('booting -> active')) throw new Error('it has not joined')
      },
    })
    return [store, monitor]
  } catch (error) {
    await monitor.stop()
    throw error
  }
}

/** Ceph's S3 gateway on a store in memory; starts within about five seconds. */
export async function startRadosgw(): Promise<RadosgwServer> {
  const [port, monitorPort] = [await sparePort(), await sparePort()]
  const folder = serverFolder('radosgw')
  const fsid = randomUUID()
  const config = join(folder, 'ceph.conf')
  for (const name of ['mon', 'osd', 'rgw']) await mkdir(join(folder, name))
  await writeFile(config, cephConfig({ folder, fsid, monitorPort }))
  await writeFile(join(folder, 'keyring'), '')
  const below = await startCeph(folder, config, fsid, monitorPort)
  const stopBelow = async () => {
    for (const server of below) await server.stop()
  }
  const asGateway = ['-c', config, '--no-mon-config', '-n', 'client.rgw']
  // The gateway overrides what the file says of these two.
  const unguarded = ['--auth-client-required', 'none', '--ms-mon-client-mode', 'crc']
  try {
    const server = await runServer({
      name: 'radosgw',
      command: program('radosgw'),
      args: [
        ...asGateway,
        ...unguarded,
        '-f',
        '--rgw-frontends',
        `beast endpoint=127.0.0.1:${port}`,
      ],
      port,
      folder,
      endSignal: 'SIGKILL',
      startWithinMs: 60_000,
      probe: () => portAnswers(port),
    })
    const { accessKeyId, secretAccessKey } = CREDENTIALS
    const keys = ['--access-key', accessKeyId, '--secret-key', secretAccessKey]
    const account = ['user', 'create', '--uid', 'test', '--display-name', 'test', ...keys]
    await promisify(execFile)(program('radosgw-admin'), [...asGateway, ...account], { cwd: folder })
    const { stop } = server
    return Object.assign(server, {
      endpoint: `http://127.0.0.1:${port}`,
      credentials: CREDENTIALS,
      async stop() {
        await stop()
        await stopBelow()
      },
    })
  } catch (error) {
    await stopBelow()
    throw error
  }
}
