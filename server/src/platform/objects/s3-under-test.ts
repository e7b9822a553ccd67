import { PutObjectCommand } from '@aws-sdk/client-s3'
import type { S3Config } from '#platform/config'
import type { StoreUnderTest } from './object-store.contract.ts'
import { objectStore } from './open-store.ts'
import { s3Client } from './s3-client.ts'

/** A store on S3 whose objects can be damaged. */
export function s3UnderTest(config: S3Config): StoreUnderTest & { close(): Promise<void> } {
  const store = objectStore(config)
  const client = s3Client(config)
  return {
    store,
    async spoil(key, content) {
      const Key = `${config.prefix}/${key}`
      await client.send(new PutObjectCommand({ Bucket: config.bucket, Key, Body: content }))
    },
    async close() {
      client.destroy()
      await store.close()
    },
  }
}
