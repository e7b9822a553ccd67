import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import type { ObjectStore } from '#platform/objects'
import type { LakeFile, NewLakeFile } from './lake.store.ts'
import { type LakePartition, lakePath } from './lake-event.ts'
import type { WrittenFile } from './parquet.ts'
import { filterOf } from './user-filter.ts'

export type LakeObjects = Pick<ObjectStore, 'putFile' | 'getFile' | 'delete' | 'list' | 'verify'>

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** Puts a written file among the objects; it is no part of the lake until the store lists it. */
export async function publishFile(
  objects: LakeObjects,
  written: WrittenFile,
  partition: LakePartition,
  { isAgain = false }: { isAgain?: boolean } = {},
): Promise<NewLakeFile> {
  const id = uuidv7()
  const mark = isAgain ? `-${id.slice(-8)}` : ''
  const path = lakePath(partition, await sha256Of(written.path), mark)
  const { sha256, sizeBytes } = await objects.putFile(path, written.path)
  const { type, date } = partition
  const { rows, userIds } = written
  return { id, path, type, date, rows, sizeBytes, sha256, users: filterOf(userIds) }
}

/** Brings files of the lake to a folder, verified. @returns their local paths. */
export async function fetchFiles(
  objects: LakeObjects,
  files: readonly LakeFile[],
  folder: string,
): Promise<string[]> {
  const paths: string[] = []
  for (const { id, path, sha256 } of files) {
    const local = join(folder, `${id}.parquet`)
    await objects.getFile(path, sha256, local)
    paths.push(local)
  }
  return paths
}
