import { createHash } from 'node:crypto'

/** One listener's plays of one track, in a training set. */
export interface Interaction {
  listenerId: string
  trackId: string
  /** How often it was played; 1 or more. */
  plays: number
}

/** A compressed sparse row matrix: row r holds `columns` and `values` from `offsets[r]` on. */
export interface SparseRows {
  readonly offsets: Int32Array
  readonly columns: Int32Array
  readonly values: Float32Array
}

/** A training set in a canonical order: equal sets are equal whatever order they came in. */
export interface InteractionMatrix {
  readonly listenerCount: number
  /** Sorted; a track's place here is its number everywhere in the model. */
  readonly trackIds: readonly string[]
  /** Interactions, i.e. distinct pairs of a listener and a track. */
  readonly size: number
  /** Listener → tracks played, values are plays. */
  readonly byListener: SparseRows
  /** Hex SHA-256 over the distinct listener, track and plays triples. */
  readonly datasetHash: string
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

type PlaysByTrack = Map<string, number>

/** Collects a training set; pairs that come more than once are added up. */
export async function collectInteractions(
  rows: AsyncIterable<Interaction> | Iterable<Interaction>,
  signal?: AbortSignal,
): Promise<InteractionMatrix> {
  const listeners = new Map<string, PlaysByTrack>()
  for await (const { listenerId, trackId, plays } of rows) {
    signal?.throwIfAborted()
    if (!(plays >= 1)) continue
    let played = listeners.get(listenerId)
    if (played === undefined) {
      played = new Map()
      listeners.set(listenerId, played)
    }
    played.set(trackId, (played.get(trackId) ?? 0) + plays)
  }
  return toMatrix(listeners)
}

function toMatrix(listeners: ReadonlyMap<string, PlaysByTrack>): InteractionMatrix {
  const tracks = new Set<string>()
  let size = 0
  for (const played of listeners.values()) {
    size += played.size
    for (const trackId of played.keys()) tracks.add(trackId)
  }
  const trackIds = [...tracks].toSorted(byCodeUnits)
  const numberOf = new Map(trackIds.map((trackId, number) => [trackId, number]))
  const hash = createHash('sha256')
  const byListener = emptyRows(listeners.size, size)
  let filled = 0
  const inOrder = [...listeners].toSorted(([a], [b]) => byCodeUnits(a, b))
  for (const [row, [listenerId, played]] of inOrder.entries()) {
    for (const [trackId, plays] of [...played].toSorted(([a], [b]) => byCodeUnits(a, b))) {
      hash.update(JSON.stringify([listenerId, trackId, plays]))
      byListener.columns[filled] = numberOf.get(trackId) ?? 0
      byListener.values[filled] = plays
      filled += 1
    }
    byListener.offsets[row + 1] = filled
  }
  return {
    listenerCount: listeners.size,
    trackIds,
    size,
    byListener,
    datasetHash: hash.digest('hex'),
  }
}

const emptyRows = (rows: number, size: number): SparseRows => ({
  offsets: new Int32Array(rows + 1),
  columns: new Int32Array(size),
  values: new Float32Array(size),
})

/** Number of entries of a row. */
export const rowLength = ({ offsets }: Pick<SparseRows, 'offsets'>, row: number): number =>
  (offsets[row + 1] ?? 0) - (offsets[row] ?? 0)

/** The same matrix by column: row and column change places; rows stay in ascending order. */
export function transpose(rows: SparseRows, columnCount: number): SparseRows {
  const size = rows.columns.length
  const turned = emptyRows(columnCount, size)
  for (const column of rows.columns) {
    turned.offsets[column + 1] = (turned.offsets[column + 1] ?? 0) + 1
  }
  for (let c = 0; c < columnCount; c += 1) {
    turned.offsets[c + 1] = (turned.offsets[c + 1] ?? 0) + (turned.offsets[c] ?? 0)
  }
  const next = turned.offsets.slice(0, columnCount)
  for (let row = 0; row + 1 < rows.offsets.length; row += 1) {
    for (let at = rows.offsets[row] ?? 0; at < (rows.offsets[row + 1] ?? 0); at += 1) {
      const column = rows.columns[at] ?? 0
      const place = next[column] ?? 0
      turned.columns[place] = row
      turned.values[place] = rows.values[at] ?? 0
      next[column] = place + 1
    }
  }
  return turned
}
