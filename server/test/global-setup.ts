import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import type { TestServer } from './support/database.ts'
import {
  dropDeadRuns,
  dropOtherTemplates,
  dropRun,
  ensureTemplate,
  openRun,
} from './support/template.ts'
import { type RunServer, startTestServer } from './support/test-server.ts'

/** A server of somebody else's (`TEST_DATABASE_URL`), or one of our own for this run. */
async function chooseServer(): Promise<RunServer & { isShared: boolean }> {
  const adminUrl = process.env['TEST_DATABASE_URL']
  if (adminUrl) return { adminUrl, isShared: true, stop: async () => undefined }
  return { ...(await startTestServer()), isShared: false }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`
}

async function prepare(
  server: RunServer & { isShared: boolean },
  client: Client,
): Promise<TestServer> {
  await client.connect()
  const runId = await openRun(client)
  await dropDeadRuns(client)
  const template = await ensureTemplate(client, server.adminUrl, runId)
  if (!server.isShared) await dropOtherTemplates(client, template)
  return { adminUrl: server.adminUrl, template, runId }
}

/**
 * Prepares the database server that every test file clones its own database from.
 * Returns what undoes it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const undo: (() => Promise<void>)[] = []
  try {
    const server = await chooseServer()
    undo.unshift(() => server.stop())
    const client = new Client({ connectionString: server.adminUrl })
    undo.unshift(() => client.end())
    const prepared = await prepare(server, client)
    undo.unshift(() => dropRun(client, prepared.runId))
    project.provide('testServer', prepared)
  } catch (error) {
    project.provide('testServer', { failure: reasonOf(error) })
  }
  return async () => {
    for (const step of undo) await step()
  }
}
