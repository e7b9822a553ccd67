/** The whole system on real servers, many processes of it, for proofs that need more than one. */
export { type Account, call, demand, linkListener, register, type Session } from './api-client.ts'
export type { AppProcess } from './app-process.ts'
export { type Fleet, type FleetOptions, startFleet } from './fleet.ts'
export type { Link } from './wiring.ts'
