import { type GradientLimit, gradientLimit, type LimitBounds } from './gradient-limit.ts'

/**
 * What goes first when not all can be served. `always` is never refused and not counted: answers
 * that cost nothing and that somebody steers by. `intake` has a limit of its own, so that a flood
 * of events costs events and nothing else.
 */
export type Priority = 'always' | 'critical' | 'normal' | 'bulk' | 'intake'

/** Why a request is refused. */
export type Refusal = 'limit' | 'tenant' | 'event_loop' | 'memory'

export interface Entrant {
  priority: Exclude<Priority, 'always'>
  /** Who shares with whom: a user, or the network of a caller whose name is not proved. */
  tenant: string
}

export type Lane = 'requests' | 'intake'

export interface Admission {
  /** Takes the request in hand, until `leave`; or says why not. */
  enter(entrant: Entrant): Admitted | Refusal
  /** Why `enter` would refuse, which counts as if it had; or undefined. */
  refusal(entrant: Entrant): Refusal | undefined
  /** Whether anything might be refused: what is false nearly always costs nearly nothing. */
  isCrowded(): boolean
  state(lane: Lane): { limit: number; inFlight: number }
}

export interface Admitted {
  /** How long the route took to answer; undefined for an answer that says nothing about it. */
  leave(answered: { route: string; latencyMs: number | undefined; nowMs: number }): void
}

/** How much of the limit a priority may fill. */
const ROOM = { critical: 1.5, normal: 1, bulk: 0.7, intake: 1 } as const
const LEAST_ROOM = Math.min(...Object.values(ROOM))
/**
 * Of the greatest limit, what the intake may always have in hand. Its requests wait for a commit
 * that they share, the cheaper the more they are: that they take longer together is no queue.
 */
const LEAST_INTAKE = 0.25
/** Above this share of its room nobody gets more than a fair share of the limit. */
const CROWDED = 0.8
/** Kept for tenants below their share, so that one who fills everything cannot keep others out. */
const RESERVE = 0.1

/**
 * Who is let in. While a lane is crowded its limit is divided evenly among the tenants that have
 * requests in it. Nobody waits: a queue in front of a server that is overloaded only ages, and
 * sockets and event loop are one already.
 */
export function admission(bounds: LimitBounds): Admission {
  const intakeBounds = {
    ...bounds,
    minLimit: Math.max(bounds.minLimit, LEAST_INTAKE * bounds.maxLimit),
  }
  const lanes = { requests: lane(gradientLimit(bounds)), intake: lane(gradientLimit(intakeBounds)) }
  const laneOf = ({ priority }: Entrant) => (priority === 'intake' ? lanes.intake : lanes.requests)
  return {
    enter: (entrant) => laneOf(entrant).enter(entrant),
    refusal: (entrant) => laneOf(entrant).refusal(entrant),
    isCrowded: () => lanes.requests.isCrowded() || lanes.intake.isCrowded(),
    state: (name) => lanes[name].state(),
  }
}

function lane(limit: GradientLimit) {
  const tenants = new Map<string, number>()
  let inFlight = 0

  function reasonAgainst({ priority, tenant }: Entrant): Refusal | undefined {
    const own = tenants.get(tenant) ?? 0
    const room = Math.max(1, limit.current() * ROOM[priority])
    if (inFlight < room * CROWDED) return undefined
    const share = room / (tenants.size + (own === 0 ? 1 : 0))
    if (own >= share) return inFlight < room ? 'tenant' : 'limit'
    return inFlight < room * (1 + RESERVE) + 1 ? undefined : 'limit'
  }

  function refusal(entrant: Entrant): Refusal | undefined {
    const reason = reasonAgainst(entrant)
    if (reason !== undefined) limit.refused()
    return reason
  }

  function leave(tenant: string): void {
    inFlight -= 1
    const left = (tenants.get(tenant) ?? 0) - 1
    if (left > 0) tenants.set(tenant, left)
    else tenants.delete(tenant)
  }

  return {
    enter(entrant: Entrant): Admitted | Refusal {
      const refused = refusal(entrant)
      if (refused !== undefined) return refused
      const { tenant } = entrant
      inFlight += 1
      tenants.set(tenant, (tenants.get(tenant) ?? 0) + 1)
      const inFlightThen = inFlight
      return {
        leave({ route, latencyMs, nowMs }) {
          leave(tenant)
          if (latencyMs === undefined) return
          limit.observe({ route, latencyMs, inFlight: inFlightThen, nowMs })
        },
      }
    },
    refusal,
    isCrowded: () => inFlight >= limit.current() * LEAST_ROOM * CROWDED,
    state: () => ({ limit: limit.current(), inFlight }),
  }
}
