import type { Logger } from '#platform/telemetry'
import { ObjectError, objectFault } from './object-error.ts'
import type { ObjectStore } from './object-store.ts'

export interface VerifiedCopiesOptions {
  /** Where objects come from. */
  objects: Pick<ObjectStore, 'get'>
  /** A store on this machine; nothing else may be in it. */
  copies: Pick<ObjectStore, 'get' | 'put' | 'list' | 'delete'>
  /** How many of the last copies are kept. */
  keep: number
  logger: Logger
}

/**
 * Objects with a copy of the latest ones on this machine, so that what was read once can be read
 * again when the store is away, after a restart too. A copy is verified as the object is; one that
 * is damaged, or a disk that is full, only means that the store is asked.
 */
export function verifiedCopies(options: VerifiedCopiesOptions): Pick<ObjectStore, 'get'> {
  const { objects, copies, keep, logger } = options

  async function copyOf(sha256: string): Promise<Uint8Array | undefined> {
    try {
      return await copies.get(sha256, sha256)
    } catch (error) {
      if (!(error instanceof ObjectError)) throw error
      if (objectFault(error) !== 'missing') logger.warn({ error }, 'a local copy cannot be used')
      return undefined
    }
  }

  async function keepCopy(sha256: string, content: Uint8Array): Promise<void> {
    await copies.put(sha256, content)
    const all = []
    for await (const copy of copies.list('')) all.push(copy)
    const newestFirst = all.toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())
    for (const { key } of newestFirst.slice(keep)) {
      if (key !== sha256) await copies.delete(key)
    }
  }

  return {
    async get(key, sha256) {
      const copy = await copyOf(sha256)
      if (copy !== undefined) return copy
      const content = await objects.get(key, sha256)
      await keepCopy(sha256, content).catch((error: unknown) => {
        logger.warn({ error }, 'no local copy of an object could be kept')
      })
      return content
    },
  }
}
