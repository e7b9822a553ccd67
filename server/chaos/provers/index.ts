/** Every proof there is, each a bounded run on real processes. */
import type { Prover } from '../prover.ts'
import { apiKill } from './api-kill.ts'
import { overload } from './overload.ts'
import { postgresRestart } from './postgres-restart.ts'
import { redisKill } from './redis-kill.ts'
import { rolling } from './rolling.ts'
import { workerKill } from './worker-kill.ts'

export const PROVERS: readonly Prover[] = [
  apiKill,
  workerKill,
  rolling,
  redisKill,
  postgresRestart,
  overload,
]
