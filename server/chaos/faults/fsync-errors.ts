import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { PostgresServer } from '#servers'
import { processTree } from '../../test/servers/process-tree.ts'
import type { Heal } from './make-fault.ts'

/**
 * Has the disk refuse to write what PostgreSQL has written, this many times. PostgreSQL must not
 * tell anybody that it committed then: it crashes and recovers from what is surely on the disk.
 * https://wiki.postgresql.org/wiki/Fsync_Errors
 */
export async function failFsync(postgres: PostgresServer, times: number): Promise<Heal> {
  const attach = processTree(postgres.pid).flatMap((pid) => ['-p', String(pid)])
  const tracer = spawn(
    'strace',
    [
      '-f',
      '-q',
      '-e',
      'trace=fdatasync,fsync',
      '-e',
      `inject=fdatasync:error=EIO:when=1..${times}`,
      ...attach,
    ],
    { stdio: 'ignore' },
  )
  const ended = once(tracer, 'exit').catch(() => undefined)
  return async () => {
    tracer.kill('SIGINT')
    await ended
    await postgres.start()
  }
}
