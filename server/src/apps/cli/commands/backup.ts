import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { backups } from '#compose'
import { readConfig } from '#platform/config'
import { localEnvironment } from '../../local/index.ts'
import type { Output } from '../output.ts'

type Backups = ReturnType<typeof backups>
type Manifest = Awaited<ReturnType<Backups['verify']>>

const PLACE = 'a folder, or objects:<name> in the object store'
const ROWS = new Intl.NumberFormat('en')

async function withBackups<T>(work: (backups: Backups) => Promise<T>): Promise<T> {
  const all = backups(readConfig(await localEnvironment()))
  try {
    return await work(all)
  } finally {
    await all.close()
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number }> {
  const startedMs = performance.now()
  const result = await work()
  return { result, tookMs: Math.round(performance.now() - startedMs) }
}

function summaryOf({ tables, jobs, objects, snapshotAt, migrations }: Manifest) {
  return {
    snapshotAt,
    schema: migrations.at(-1),
    tables: tables.length,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    sizeBytes: tables.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    waitingJobs: jobs?.waiting ?? 0,
    objects: objects?.length ?? 0,
  }
}

function describe(output: Output, manifest: Manifest): void {
  const { snapshotAt, rows, tables, sizeBytes, waitingJobs, objects } = summaryOf(manifest)
  output.table([
    ['as of', snapshotAt],
    ['rows', `${ROWS.format(rows)} in ${tables} tables, ${ROWS.format(sizeBytes)} bytes`],
    ['waiting jobs', ROWS.format(waitingJobs)],
    ['objects', ROWS.format(objects)],
  ])
}

export function backupCommands(program: Command, output: Output): void {
  const backup = program.command('backup').description('backups of the database and of objects')
  const onProgress = ({ table, rows }: { table: string; rows: number }) =>
    output.progress(`${table}: ${ROWS.format(rows)} rows`)

  backup
    .command('create')
    .description('copy the database as it is at one moment, while it is in use')
    .requiredOption('--to <place>', PLACE)
    .option('--objects', 'models, the lake and other objects too', false)
    .action(({ to, objects }: { to: string; objects: boolean }) =>
      withBackups(async ({ create }) => {
        const { result, tookMs } = await timed(() =>
          create({ to, withObjects: objects, onProgress }),
        )
        output.line(`Backed up to ${to} in ${seconds(tookMs)}.`)
        describe(output, result)
        output.result({ place: to, tookMs, ...summaryOf(result) })
      }),
    )

  backup
    .command('verify')
    .description('read all of a backup and compare it with its manifest')
    .requiredOption('--from <place>', PLACE)
    .action(({ from }: { from: string }) =>
      withBackups(async ({ verify }) => {
        const manifest = await verify(from)
        output.line(`The backup in ${from} is whole.`)
        describe(output, manifest)
        output.result({ place: from, ...summaryOf(manifest) })
      }),
    )

  backup
    .command('restore')
    .description('put a backup into an empty database')
    .requiredOption('--from <place>', PLACE)
    .requiredOption('--into <url>', 'postgres://… of an empty database, on the server itself')
    .option('--objects', 'the backup’s objects too, into the configured store', false)
    .action(({ from, into, objects }: { from: string; into: string; objects: boolean }) =>
      withBackups(async ({ restore }) => {
        const { result, tookMs } = await timed(() =>
          restore({ from, into, withObjects: objects, onProgress }),
        )
        const { manifest, counts, migrated } = result
        output.line(`Restored in ${seconds(tookMs)}; every table has the rows that it had.`)
        describe(output, manifest)
        for (const name of migrated) output.line(`Migrated since: ${name}`)
        output.result({ tookMs, counts, migrated, ...summaryOf(manifest) })
      }),
    )

  backup
    .command('drill')
    .description('prove that backups can be restored: into a database made for it, then dropped')
    .option('--from <place>', `${PLACE}; without it a backup is made and deleted`)
    .action(({ from }: { from?: string }) => withBackups((all) => drill(all, output, from)))
}

async function drill(all: Backups, output: Output, from: string | undefined): Promise<void> {
  const folder = from ?? (await mkdtemp(join(tmpdir(), 'backup-drill-')))
  try {
    const created =
      from === undefined
        ? await timed(() => all.create({ to: folder, withObjects: false, onProgress: () => {} }))
        : undefined
    const { counts, restoreMs, manifest } = await all.drill({ from: folder })
    if (created !== undefined) output.line(`Backed up in ${seconds(created.tookMs)}.`)
    output.line(`Restored and counted in ${seconds(restoreMs)}.`)
    output.table(Object.entries(counts).map(([table, rows]) => [table, ROWS.format(rows)]))
    output.result({ backupMs: created?.tookMs ?? null, restoreMs, counts, ...summaryOf(manifest) })
  } finally {
    if (from === undefined) await rm(folder, { recursive: true, force: true })
  }
}
