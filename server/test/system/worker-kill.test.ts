import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'
import { programs } from './program.ts'

const TRACKS = 150
/** After ten silent seconds the job is taken to be lost; then it waits a moment for its retry. */
const TAKEN_AGAIN_WITHIN_MS = 25_000

const { start, close } = programs()
let test: TestApp
let db: Kysely<unknown>

beforeAll(async () => {
  test = await createTestApp()
  const pool = new Pool({ connectionString: test.database.url, max: 2 })
  pool.on('connect', (client) => client.on('error', () => undefined))
  db = new Kysely({ dialect: new PostgresDialect({ pool }) })
})
afterAll(async () => {
  await close()
  await db.destroy()
  await test.close()
})

const worker = () =>
  start(['worker'], {
    DATABASE_URL: test.config.database.url,
    PORT: '0',
    METRICS_PORT: '0',
    PUBLIC_URL: 'http://127.0.0.1:4000',
    WORKER_SCHEDULES: 'off',
    LOG_LEVEL: 'warn',
  })

const listens = Array.from({ length: TRACKS }, (_, at) =>
  JSON.stringify({
    user_name: 'ana',
    listened_at: 1_700_000_000 + at,
    track_metadata: { artist_name: `Artist ${at}`, track_name: `Una canción de amor ${at}` },
  }),
)

async function* lines() {
  yield* listens
}

/** Writes down each effect, and takes its time, so that there is a middle to be killed in. */
async function watchEffects(): Promise<void> {
  await sql`create table effect (track_id uuid not null)`.execute(db)
  await sql`create table slowness (seconds double precision not null)`.execute(db)
  await sql`insert into slowness values (0.05)`.execute(db)
  await sql`create function note_effect() returns trigger language plpgsql as $$
    begin
      insert into effect values (new.track_id);
      perform pg_sleep(seconds) from slowness;
      return new;
    end $$`.execute(db)
  await sql`create trigger note_effect before insert or update on track_language
    for each row execute function note_effect()`.execute(db)
}

async function effects() {
  const { rows } = await sql<{ all: number; tracks: number }>`
    select count(*)::int as all, count(distinct track_id)::int as tracks from effect`.execute(db)
  return rows[0]
}

async function writing(): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select 1 from pg_stat_activity where datname = current_database()
      and state = 'active' and query like 'insert into "track_language"%') as found`.execute(db)
  return rows[0]?.found === true
}

it('a job whose worker is killed in its middle is done by another, once and soon', async () => {
  await watchEffects()
  await test.system.history.importListenBrainz(lines(), { origin: 'listenbrainz' })
  const [job] = await test.system.jobs.list({ job: 'language.detect', limit: 1 })

  const killed = worker()
  await expect.poll(writing, { timeout: 30_000, interval: 20 }).toBe(true)
  killed.kill('SIGKILL')
  const killedAt = performance.now()
  await sql`update slowness set seconds = 0`.execute(db)
  worker()

  const state = async () => (await test.system.jobs.show(job?.jobId ?? ''))?.state
  await expect.poll(state, { timeout: TAKEN_AGAIN_WITHIN_MS, interval: 100 }).toBe('done')
  expect(performance.now() - killedAt).toBeLessThan(TAKEN_AGAIN_WITHIN_MS)
  expect(await effects()).toEqual({ all: TRACKS, tracks: TRACKS })
  expect(await test.system.jobs.show(job?.jobId ?? '')).toMatchObject({
    attempts: 2,
    progress: { done: TRACKS, total: TRACKS },
  })
}, 90_000)
