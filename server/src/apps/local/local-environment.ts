import { type Env, readLocalConfig } from '#platform/config'
import { isSameProcess } from '#platform/process-lock'
import { type LocalState, readState } from './state-files.ts'

/** The system that `npm start` runs on this data folder; undefined when none does. */
export async function localState(): Promise<LocalState | undefined> {
  const state = await readState(readLocalConfig().dataDir)
  return state && isSameProcess(state.pid, state.startMark) ? state : undefined
}

/**
 * The environment for a command that works on the system itself: the caller's when it names a
 * database, else the caller's with what the running local system adds for its own programs.
 */
export async function localEnvironment(): Promise<Env> {
  const { environment, databaseUrl } = readLocalConfig()
  if (databaseUrl !== undefined) return environment
  return { ...environment, ...(await localState())?.environment }
}
