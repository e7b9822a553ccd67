import { readFile, writeFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { compose } from '#compose'
import { readConfig } from '#platform/config'
import { limitRole, migrate } from '#platform/db'
import { openApiDocument } from '#platform/http'
import { localEnvironment } from '../../local/index.ts'
import type { Output } from '../output.ts'

const CONTRACT = resolve(import.meta.dirname, '../../../../openapi.json')

export function systemCommands(program: Command, output: Output): void {
  program
    .command('migrate')
    .description('bring the database schema up to date')
    .action(async () => {
      const { database } = readConfig(await localEnvironment())
      const { applied } = await migrate(database.directUrl)
      // A pooler carries no time-outs: the service's role gets them as its own.
      if (database.url !== database.directUrl) {
        await limitRole({ ...database, serviceUrl: database.url })
      }
      output.line(applied.length === 0 ? 'The schema is up to date.' : 'Applied:')
      for (const name of applied) output.line(`  ${name}`)
      output.result({ applied })
    })

  program
    .command('openapi')
    .description('write the OpenAPI document of the HTTP API')
    .option('--out <file>', 'where to write it', CONTRACT)
    .option('--check', 'write nothing; fail when the file differs', false)
    .action(async ({ out, check }: { out: string; check: boolean }) => {
      const text = `${JSON.stringify(await contract(), null, 2)}\n`
      const name = relative(process.cwd(), out)
      if (!check) {
        await writeFile(out, text)
        output.line(`Wrote ${name}`)
      } else if ((await readFile(out, 'utf8').catch(() => '')) !== text) {
        throw new Error(`${name} is out of date: run "npm run openapi" and commit it`)
      }
      output.result({ file: out })
    })
}

/** The routes of a system that serves nobody: no setting of this machine shows in the document. */
async function contract() {
  const key = Buffer.alloc(32).toString('base64')
  const config = readConfig({
    DATABASE_URL: 'postgres://127.0.0.1/none',
    APP_SECRET: key,
    TOKEN_ENCRYPTION_KEYS: `none:${key}`,
    LOG_LEVEL: 'silent',
  })
  const system = compose(config, { role: 'cli' })
  const app = await system.httpServer()
  try {
    await app.ready()
    return openApiDocument(app)
  } finally {
    await app.close()
    await system.close()
  }
}
