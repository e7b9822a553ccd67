import type { EventEnvelope } from '#platform/events'

/** A row of the lake. */
export interface LakeEvent {
  id: string
  type: string
  version: number
  userId: string
  occurredAt: Date
  receivedAt: Date
  /** JSON */
  payload: string
}

/** The files of the lake that lie together. */
export interface LakePartition {
  type: string
  /** UTC, `YYYY-MM-DD` */
  date: string
}

/** What becomes a segment of a path; the intake lets through nothing else. */
const TYPE = /^[a-z0-9_]+(?:\.[a-z0-9_]+)*$/

/** @throws when the envelope is not one of the stored events. */
export function lakeEventOf({ id, occurredAt, payload }: EventEnvelope): LakeEvent {
  const { type, version, userId, receivedAt, payload: own } = payload
  if (typeof type !== 'string' || !TYPE.test(type)) throw malformed(id, 'type')
  if (typeof version !== 'number') throw malformed(id, 'version')
  if (typeof userId !== 'string') throw malformed(id, 'userId')
  if (typeof receivedAt !== 'string') throw malformed(id, 'receivedAt')
  return {
    id,
    type,
    version,
    userId,
    occurredAt: new Date(occurredAt),
    receivedAt: new Date(receivedAt),
    payload: JSON.stringify(own ?? {}),
  }
}

const malformed = (id: string, field: string) =>
  new Error(`event ${id} has no usable ${field} for the lake`)

export const partitionOf = ({ type, occurredAt }: LakeEvent): LakePartition => ({
  type,
  date: occurredAt.toISOString().slice(0, 10),
})

/** All objects of the lake, listed or not, are below it. */
export const LAKE_PREFIX = 'lake/events/'

/**
 * Named by its content, so that a second try at the same rows writes the same object. `mark` sets
 * apart what may equal a file that was in the lake before and whose object is about to go.
 */
export const lakePath = ({ type, date }: LakePartition, sha256: string, mark = ''): string =>
  `${LAKE_PREFIX}type=${type}/date=${date}/${sha256.slice(0, 32)}${mark}.parquet`
