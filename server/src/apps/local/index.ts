/** The whole system on one machine: database, sandbox, API and worker under one supervisor. */
export { localEnvironment, localState } from './local-environment.ts'
export { runLocal } from './run-local.ts'
