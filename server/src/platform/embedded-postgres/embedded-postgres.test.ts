import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clusterPids, recordedPid } from './cluster-processes.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { PostgresInUseError } from './postgres-errors.ts'

const SETTINGS = { fsync: 'off' }

let folder: string
let dataDir: string
let server: EmbeddedPostgres | undefined

async function start(): Promise<EmbeddedPostgres> {
  server = await startEmbeddedPostgres({ dataDir, settings: SETTINGS, databases: ['songs'] })
  return server
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client(url)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-postgres-'))
  await chmod(folder, 0o755)
  dataDir = join(folder, 'data')
})

afterEach(async () => {
  await server?.stop({ hasty: true })
  server = undefined
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('startEmbeddedPostgres', () => {
  it('makes a database that keeps UTF-8 text and its password to itself', async () => {
    const { urlFor, port } = await start()
    await query(urlFor('songs'), `create table song as select 'Ça va, 世界'::text as title`)

    expect(await query(urlFor('songs'), 'select lower(title) as title from song')).toEqual([
      { title: 'ça va, 世界' },
    ])
    const stranger = `postgres://music_language:guess@127.0.0.1:${port}/songs`
    await expect(query(stranger, 'select 1')).rejects.toThrow('password authentication failed')
  })

  it('has the data and the port of the run before', async () => {
    const first = await start()
    await first.stop()
    const second = await start()

    expect(second.port).toBe(first.port)
    expect(await query(second.urlFor('songs'), 'select title from song')).toHaveLength(1)
  })

  it('refuses a second start and names the owner', async () => {
    await start()

    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(PostgresInUseError)
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(`pid ${process.pid}`)
  })

  it('recovers from the killing of the whole server', async () => {
    const first = await start()
    const cluster = join(first.dataDir, 'cluster')
    await query(first.urlFor('songs'), `insert into song values ('after the checkpoint')`)
    for (const pid of clusterPids(cluster)) process.kill(pid, 'SIGKILL')
    await first.stop()

    const second = await start()
    expect(await query(second.urlFor('songs'), 'select title from song')).toHaveLength(2)
  })

  it('is not kept out by a stranger that now has the pid of a killed server', async () => {
    const first = await start()
    const cluster = join(first.dataDir, 'cluster')
    const pidFile = join(cluster, 'postmaster.pid')
    const record = await readFile(pidFile, 'utf8')
    await first.stop()
    await writeFile(pidFile, record.replace(/^\d+/, String(process.pid)))

    const second = await start()
    expect(recordedPid(cluster)).toBe(second.pid)
  })

  it('starts anew after a creation that was cut short', async () => {
    const home = join(folder, 'cut-short')
    await mkdir(join(home, 'cluster.new-1234', 'base'), { recursive: true })
    await writeFile(join(home, 'password'), 'from the start that was cut short\n')

    server = await startEmbeddedPostgres({ dataDir: home, settings: SETTINGS })

    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await readdir(home)).filter((name) => name.startsWith('cluster.new'))).toEqual([])
  })

  it('refuses to overwrite a damaged cluster', async () => {
    const home = join(folder, 'damaged')
    await mkdir(join(home, 'cluster', 'base'), { recursive: true })

    await expect(startEmbeddedPostgres({ dataDir: home })).rejects.toThrow('no usable database')
    await access(join(home, 'cluster', 'base'))
  })

  it.skipIf(process.getuid?.() !== 0)(
    'moves the data of root to where the server may go, and finds it again (needs root)',
    async () => {
      const home = join(folder, 'closed', 'data')
      await mkdir(join(folder, 'closed'), { mode: 0o700 })
      const options = { dataDir: home, settings: SETTINGS, fallbackRoots: [join(folder, 'open')] }

      server = await startEmbeddedPostgres({ ...options, databases: ['songs'] })
      await server.stop()
      server = await startEmbeddedPostgres(options)

      expect(server.dataDir).toContain(join(folder, 'open', 'postgres-'))
      expect(await query(server.urlFor('songs'), 'select 1 as one')).toEqual([{ one: 1 }])
    },
  )

  it.skipIf(process.getuid?.() !== 0)(
    'does not start empty when existing data can no longer be reached (needs root)',
    async () => {
      const home = join(folder, 'closed-later')
      await mkdir(join(home, 'data', 'cluster', 'base'), { recursive: true })
      await chmod(home, 0o700)

      const start = startEmbeddedPostgres({ dataDir: join(home, 'data') })
      await expect(start).rejects.toThrow('can no longer reach')
    },
  )

  it('says so when the port asked for is taken', async () => {
    const { port } = await start()

    const rival = startEmbeddedPostgres({ dataDir: join(folder, 'rival'), port })
    await expect(rival).rejects.toThrow(`did not start on port ${port}`)
  })
})

describe.skipIf(process.platform !== 'linux')(
  'a server whose starter was killed (needs Linux)',
  () => {
    const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
    const server = await startEmbeddedPostgres(JSON.parse(process.argv[1]))
    process.stdout.write(String(server.pid))
    setInterval(() => undefined, 1000)
  `

    async function startAndKillStarter({ killGuard }: { killGuard: boolean }): Promise<number> {
      const options = JSON.stringify({ dataDir, settings: SETTINGS })
      const starter = spawn(process.execPath, ['--input-type=module', '-e', script, options], {
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: import.meta.dirname,
      })
      const [output] = (await once(starter.stdout, 'data')) as [Buffer]
      const server = Number(output.toString())
      const children = await readFile(`/proc/${starter.pid}/task/${starter.pid}/children`, 'utf8')
      for (const child of children.trim().split(' ').map(Number)) {
        if (killGuard && child !== server) process.kill(child, 'SIGKILL')
      }
      starter.kill('SIGKILL')
      await once(starter, 'exit')
      return server
    }

    it('stops by itself, and the next start waits for that', async () => {
      const orphan = await startAndKillStarter({ killGuard: false })
      const { pid, urlFor } = await start()

      expect(pid).not.toBe(orphan)
      expect(await query(urlFor('songs'), 'select title from song')).toHaveLength(2)
    })

    it('is adopted when it could not stop by itself', async () => {
      const orphan = await startAndKillStarter({ killGuard: true })
      const next = await start()

      expect(next).toMatchObject({ adopted: true, pid: orphan })
      expect(await query(next.urlFor('songs'), 'select title from song')).toHaveLength(2)
    })

    it('is restarted when other settings are wanted', async () => {
      const orphan = await startAndKillStarter({ killGuard: true })
      server = await startEmbeddedPostgres({
        dataDir,
        settings: { ...SETTINGS, max_connections: 20 },
      })

      expect(server).toMatchObject({ adopted: false })
      expect(server.pid).not.toBe(orphan)
    })
  },
)
