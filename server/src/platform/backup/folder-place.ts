import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { errorCode } from '#platform/errors'
import { BackupError } from './backup-error.ts'
import type { BackupPlace, Written } from './backup-place.ts'

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function hashOf(path: string): Promise<Written> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    sizeBytes += chunk.byteLength
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}

/** A backup in a folder of its own. */
export function folderPlace(folder: string): BackupPlace {
  const damaged = (file: string, cause?: unknown) =>
    new BackupError(`${file} of the backup in ${folder} is missing or damaged`, { cause })

  return {
    name: folder,

    async requireEmpty() {
      const content = await readdir(folder).catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return []
        throw error
      })
      if (content.length > 0) throw new BackupError(`${folder} is not empty`)
    },

    async write(file, chunks) {
      const path = join(folder, file)
      // What lies in a backup is as secret as the database.
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const hash = createHash('sha256')
      let sizeBytes = 0
      const counted = async function* () {
        for await (const chunk of chunks) {
          hash.update(chunk)
          sizeBytes += chunk.byteLength
          yield chunk
        }
      }
      await pipeline(counted, createWriteStream(`${path}.partial`, { flags: 'wx', mode: 0o600 }))
      await sync(`${path}.partial`)
      await rename(`${path}.partial`, path)
      await sync(dirname(path))
      return { sizeBytes, sha256: hash.digest('hex') }
    },

    readSmall: (file) =>
      readFile(join(folder, file)).catch((error: unknown) => {
        throw new BackupError(`there is no backup in ${folder}, or not a whole one`, {
          cause: error,
        })
      }),

    async verify(file, expected) {
      const found = await hashOf(join(folder, file)).catch((error: unknown) => {
        throw damaged(file, error)
      })
      if (found.sha256 !== expected.sha256) throw damaged(file)
    },

    open: async (file) => createReadStream(join(folder, file)),
  }
}
