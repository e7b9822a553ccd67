import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import { errorCode } from '#platform/errors'

type Ask = <R>(query: CompiledQuery<R>) => Promise<QueryResult<R>>

export interface ReadRoutes {
  replica: Ask
  primary: Ask
  /** Whether the replica may be asked now. */
  isFresh: () => boolean
  onReplicaFailure: (error: unknown) => void
  onAnswer: (server: 'primary' | 'replica') => void
}

/**
 * What is no fault of the statement: connection exceptions, resources, an operator's intervention,
 * a conflict with replay (40001, 40P01), and tables or columns that the replica does not have yet.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const REPLICA_FAULT = /^(?:08|53|57P|58|XX|40001|40P01|42P01|42703)/
const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E')

function isReplicaFault(error: unknown): boolean {
  const code = errorCode(error)
  return code === undefined || !isSqlState(code) || REPLICA_FAULT.test(code)
}

/** A write would fail on the replica, and succeed only now and then. */
function requireRead({ query, sql }: CompiledQuery): void {
  const isSelect = query.kind === 'SelectQueryNode'
  if (!isSelect && !(query.kind === 'RawNode' && /^\s*select\b/i.test(sql))) {
    throw new Error('only a select may go to the replica')
  }
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('reads that may be a little old have no transactions'))
}

/** Sends each read to the replica or, when that is not fit to answer, to the primary. */
export function readDriver(routes: ReadRoutes): Driver {
  async function answer<R>(query: CompiledQuery<R>): Promise<QueryResult<R>> {
    requireRead(query)
    if (routes.isFresh()) {
      try {
        const result = await routes.replica<R>(query)
        routes.onAnswer('replica')
        return result
      } catch (error) {
        if (!isReplicaFault(error)) throw error
        routes.onReplicaFailure(error)
      }
    }
    const result = await routes.primary<R>(query)
    routes.onAnswer('primary')
    return result
  }

  const connection: DatabaseConnection = {
    executeQuery: <R>(query: CompiledQuery) => answer(query as CompiledQuery<R>),
    streamQuery() {
      throw new Error('reads that may be a little old are not streamed')
    },
  }
  return {
    init: async () => undefined,
    // The pools behind it give out the real ones, a statement at a time.
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  }
}
