import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Client } from 'pg'
import { migrate } from '#platform/db'
import { TEST_PREFIX, urlOfDatabase } from './database.ts'

const MIGRATIONS = resolve(import.meta.dirname, '../../migrations')
const TEMPLATE_PREFIX = 'ml_template_'
const RUN_ID = new RegExp(`^${TEST_PREFIX}([0-9a-f]+)_`)
/** Two-key advisory locks: our own first keys, so that nothing else's lock is met. */
const LOCK_TEMPLATE = 7_320_001
const LOCK_RUN = 7_320_002

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(MIGRATIONS)).toSorted()) {
    hash.update(`${name}\0`).update(await readFile(join(MIGRATIONS, name)))
  }
  return hash.digest('hex').slice(0, 12)
}

async function databaseNames(client: Client, prefix: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [prefix],
  )
  return rows.map((row) => row.name)
}

async function build(client: Client, adminUrl: string, template: string, runId: string) {
  // Under another name until it is whole: a run that is killed here leaves no half-made template.
  const draft = `${TEST_PREFIX}${runId}_template`
  await client.query(`create database ${draft} template template0`)
  await migrate(urlOfDatabase(adminUrl, draft))
  // A database with a session in it cannot be copied, so nobody may open one.
  await client.query(`alter database ${draft} with allow_connections false`)
  await client.query(`alter database ${draft} rename to ${template}`)
}

/** The name of a database that holds the migrated schema; built when the migrations have changed. */
export async function ensureTemplate(
  client: Client,
  adminUrl: string,
  runId: string,
): Promise<string> {
  const template = `${TEMPLATE_PREFIX}${await migrationsHash()}`
  await client.query('select pg_advisory_lock($1, 0)', [LOCK_TEMPLATE])
  try {
    const found = await databaseNames(client, TEMPLATE_PREFIX)
    if (!found.includes(template)) await build(client, adminUrl, template, runId)
  } finally {
    await client.query('select pg_advisory_unlock($1, 0)', [LOCK_TEMPLATE])
  }
  return template
}

/** Templates of other schemas; only for a server that no other checkout shares. */
export async function dropOtherTemplates(client: Client, template: string): Promise<void> {
  for (const name of await databaseNames(client, TEMPLATE_PREFIX)) {
    if (name !== template) await client.query(`drop database if exists ${name} with (force)`)
  }
}

/** A new run id, whose lock says that the run lives for as long as this connection does. */
export async function openRun(client: Client): Promise<string> {
  const runId = randomBytes(4).toString('hex')
  await client.query('select pg_advisory_lock($1, hashtext($2))', [LOCK_RUN, runId])
  return runId
}

export async function dropRun(client: Client, runId: string): Promise<void> {
  for (const name of await databaseNames(client, `${TEST_PREFIX}${runId}_`)) {
    await client.query(`drop database if exists ${name} with (force)`)
  }
}

/** Drops the databases of earlier runs that were killed: nobody holds their lock any more. */
export async function dropDeadRuns(client: Client): Promise<void> {
  const names = await databaseNames(client, TEST_PREFIX)
  const runIds = new Set(names.flatMap((name) => RUN_ID.exec(name)?.[1] ?? []))
  for (const runId of runIds) {
    const { rows } = await client.query<{ free: boolean }>(
      'select pg_try_advisory_lock($1, hashtext($2)) as free',
      [LOCK_RUN, runId],
    )
    if (!rows[0]?.free) continue
    await dropRun(client, runId)
    await client.query('select pg_advisory_unlock($1, hashtext($2))', [LOCK_RUN, runId])
  }
}
