import { createHash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { BackupError } from './backup-error.ts'

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Count = Type.Integer({ minimum: 0 })
const Name = Type.String({ minLength: 1, maxLength: 63 })

/** A file of the backup, below its place. */
const StoredFile = Type.Object({
  file: Type.String({ minLength: 1, maxLength: 1200 }),
  sizeBytes: Count,
  sha256: Sha256,
})

const TableCopy = Type.Intersect([
  StoredFile,
  Type.Object({
    table: Name,
    columns: Type.Array(Name),
    rows: Count,
  }),
])

const Partition = Type.Object({ partition: Name, parent: Name, bound: Type.String() })

const Queue = Type.Object({
  name: Type.String(),
  policy: Type.String(),
  retryLimit: Type.Integer(),
  retryDelay: Type.Integer(),
  retryBackoff: Type.Boolean(),
  expireInSeconds: Type.Integer(),
  retentionSeconds: Type.Integer(),
  deleteAfterSeconds: Type.Integer(),
  deadLetter: Type.Union([Type.String(), Type.Null()]),
})

const ObjectCopy = Type.Intersect([StoredFile, Type.Object({ key: Type.String() })])

const Content = Type.Object({
  format: Type.Literal(1),
  /** When the snapshot was taken: what was committed before is in, what came later is not. */
  snapshotAt: Type.String(),
  finishedAt: Type.String(),
  database: Type.String(),
  serverVersion: Type.String(),
  /** File names of the migrations that the schema had. */
  migrations: Type.Array(Type.String()),
  /** In an order in which each can be loaded: what is referred to comes first. */
  tables: Type.Array(TableCopy),
  partitions: Type.Array(Partition),
  sequences: Type.Array(Type.Object({ sequence: Name, lastValue: Type.String() })),
  /** Where each consumer stands in its feed, in the numbers that the entries have in the backup. */
  cursors: Type.Array(
    Type.Object({
      feed: Type.String(),
      consumer: Type.String(),
      seq: Type.String({ pattern: '^\\d{1,19}$' }),
      /** Whether a transaction's number goes before it: the restoring one's. */
      withinTransaction: Type.Boolean(),
    }),
  ),
  /** Undefined when there was no job queue. */
  jobs: Type.Optional(
    Type.Intersect([StoredFile, Type.Object({ queues: Type.Array(Queue), waiting: Count })]),
  ),
  /** Undefined when objects were not asked for. */
  objects: Type.Optional(Type.Array(ObjectCopy)),
})

const Signed = Type.Object({ sha256: Sha256, content: Type.Unknown() })

export type StoredFile = Static<typeof StoredFile>
export type TableCopy = Static<typeof TableCopy>
export type JobQueueCopy = Static<typeof Queue>
export type ObjectCopy = Static<typeof ObjectCopy>
export type BackupManifest = Static<typeof Content>

export const MANIFEST_FILE = 'manifest.json'

const hashOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex')

export function encodeManifest(content: BackupManifest): Uint8Array {
  return Buffer.from(`${JSON.stringify({ sha256: hashOf(content), content }, null, 1)}\n`)
}

/** @throws BackupError when it is damaged, or of a format that this release does not know. */
export function decodeManifest(bytes: Uint8Array): BackupManifest {
  let signed: unknown
  try {
    signed = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (cause) {
    throw new BackupError('the backup’s manifest is damaged', { cause })
  }
  if (!Value.Check(Signed, signed) || hashOf(signed.content) !== signed.sha256) {
    throw new BackupError('the backup’s manifest is damaged')
  }
  if (!Value.Check(Content, signed.content)) {
    throw new BackupError('the backup has a format that this release does not know')
  }
  return signed.content
}

/** Every file that the backup consists of, the manifest apart. */
export function filesOf({ tables, jobs, objects = [] }: BackupManifest): StoredFile[] {
  return [...tables, ...(jobs === undefined ? [] : [jobs]), ...objects]
}
