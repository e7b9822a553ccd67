import { startFauxqs } from 'fauxqs'
import type { S3Config } from '#platform/config'

export interface SmallS3 {
  config: S3Config
  /** The same as environment variables. */
  env: Record<string, string>
  port: number
  /** Forgets all objects. */
  reset(): void
  stop(): Promise<void>
}

const KEY_ID = 'small'
const SECRET = 'small-secret'

/** An S3 store in memory. It knows no conditional puts: `If-None-Match` is ignored. */
export async function startSmallS3(): Promise<SmallS3> {
  const bucket = 'music'
  const prefix = 'some/where'
  const server = await startFauxqs({ port: 0, logger: false })
  server.createBucket(bucket)
  const endpoint = `http://127.0.0.1:${server.port}`
  return {
    config: {
      kind: 's3',
      bucket,
      prefix,
      region: 'us-east-1',
      endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: KEY_ID, secretAccessKey: SECRET },
    },
    env: {
      S3_BUCKET: bucket,
      S3_PREFIX: prefix,
      S3_ENDPOINT: endpoint,
      S3_FORCE_PATH_STYLE: '1',
      S3_ACCESS_KEY_ID: KEY_ID,
      S3_SECRET_ACCESS_KEY: SECRET,
    },
    port: server.port,
    reset: () => server.reset(),
    stop: () => server.stop(),
  }
}
