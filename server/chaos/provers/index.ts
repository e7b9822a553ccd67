/** Every proof there is, each a bounded run on real processes. */
import type { Prover } from '../prover.ts'
import { apiKill } from './api-kill.ts'
import { workerKill } from './worker-kill.ts'

export const PROVERS: readonly Prover[] = [apiKill, workerKill]
