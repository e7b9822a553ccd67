import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test'
import { COUNTING_TABLE, effectsOf } from '../../chaos/counting/counting-job.ts'
import { openWitness, type Witness } from '../../chaos/database.ts'
import { brokenInvariants } from '../../chaos/schedules/invariants.ts'
import { eventLedger } from '../../chaos/workload/event-ledger.ts'
import { violations } from '../../chaos/workload/violations.ts'

const USER = '01980000-0000-7000-8000-0000000000aa'
const OTHER = '01980000-0000-7000-8000-0000000000bb'
const event = (number: number) => `01980000-0000-7000-8000-00000000000${number}`

let database: TestDatabase
let witness: Witness
beforeAll(async () => {
  database = await createTestDatabase()
  witness = openWitness(database.url)
  await witness.rows(COUNTING_TABLE)
})
afterAll(async () => {
  await witness.close()
  await database.drop()
})

const store = (id: string, userId: string) =>
  witness.rows(
    `insert into analytics_event (id, type, version, user_id, occurred_at, received_at, payload)
     values ($1, 'app.opened', 1, $2, now(), now(), '{}')`,
    [id, userId],
  )

const evidence = () => ({ witness, ledger: eventLedger(), violations: violations() })

describe('the invariants', () => {
  it('are content with events that are stored once, and with those nobody acknowledged', async () => {
    const { ledger, ...rest } = evidence()
    ledger.sent(USER, [event(1), event(2)])
    await store(event(1), USER)
    ledger.acknowledged([event(1)])
    expect(await brokenInvariants({ ledger, ...rest })).toEqual([])
  })

  it('miss an acknowledged event that is not there', async () => {
    const { ledger, ...rest } = evidence()
    ledger.sent(USER, [event(3)])
    ledger.acknowledged([event(3)])
    expect(await brokenInvariants({ ledger, ...rest })).toEqual([
      `acknowledged events are lost: 1, such as ${event(3)}`,
    ])
  })

  it('see an event that is stored twice, or as another user’s', async () => {
    const { ledger, ...rest } = evidence()
    ledger.sent(USER, [event(4), event(5)])
    await store(event(4), USER)
    await store(event(4), USER)
    await store(event(5), OTHER)
    ledger.acknowledged([event(4), event(5)])
    expect(await brokenInvariants({ ledger, ...rest })).toEqual([
      `events are stored twice: 1, such as ${event(4)}`,
      `events are another user's: 1, such as ${event(5)}`,
    ])
    expect((await ledger.judge(witness)).acknowledged).toBe(0)
    expect((await ledger.judge(witness, { all: true })).acknowledged).toBe(2)
  })

  it('see a job that had its effect twice', async () => {
    await witness.rows('insert into proof_effect (number) values (1), (2), (2)')
    expect(await effectsOf(witness)).toEqual({ once: 1, moreThanOnce: 1 })
    expect(await brokenInvariants(evidence())).toEqual(['1 jobs had their effect more than once'])
    await witness.rows('delete from proof_effect')
  })

  it('see a refresh token family with two live heads', async () => {
    await witness.rows(
      `insert into user_account (id, email, password_hash, created_at, updated_at)
       values ($1, 'a@example.org', 'x', now(), now())`,
      [USER],
    )
    await witness.rows(
      `insert into session (id, user_id, created_at, last_used_at, idle_expires_at, absolute_expires_at)
       values ($1, $1, now(), now(), now() + interval '1 day', now() + interval '1 day')`,
      [USER],
    )
    const token = (digest: string) =>
      witness.rows(
        `insert into refresh_token (digest, session_id, issued_at) values ($1, $2, now())`,
        [digest, USER],
      )
    await token('one')
    expect(await brokenInvariants(evidence())).toEqual([])
    // The schema refuses it by itself; the proof shall not rest on that.
    await witness.rows('drop index refresh_token_head')
    await token('two')
    expect(await brokenInvariants(evidence())).toEqual([
      '1 refresh token families have two live heads',
    ])
  })

  it('tell what the people saw, once', async () => {
    const found = evidence()
    found.violations.report('somebody was shown what is not his')
    expect((await brokenInvariants(found))[0]).toBe('somebody was shown what is not his')
    expect(found.violations.take()).toEqual([])
  })
})
