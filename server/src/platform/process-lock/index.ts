/** One process at a time: a lock on disk that a dead owner, or a reused pid, cannot keep. */

export { isSameProcess, startMarkOf } from './process-identity.ts'
export { acquireProcessLock } from './process-lock.ts'
