/** The whole system on real servers, many processes of it, for proofs that need more than one. */
export {
  type Account,
  type Answer,
  call,
  demand,
  linkListener,
  register,
  type Session,
} from './api-client.ts'

export { type Fleet, startFleet } from './fleet.ts'
export type { Link } from './wiring.ts'
