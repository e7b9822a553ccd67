import { S3Client } from '@aws-sdk/client-s3'
import type { S3Config } from '#platform/config'

export interface S3Limits {
  /** To a connection. */
  connectMs: number
  /** With nothing sent or received. */
  idleMs: number
  /** From the request to the answer's headers, one part of an upload included. */
  requestMs: number
  /** Of a request, the first included; the waits between them grow and are jittered. */
  attempts: number
  /** Keys in a page of a listing, at most 1000. */
  pageKeys: number
  /** Requests under way at once; others wait for their turn. */
  concurrency: number
}

export const S3_LIMITS: Readonly<S3Limits> = {
  connectMs: 2_000,
  idleMs: 10_000,
  requestMs: 30_000,
  attempts: 3,
  pageKeys: 1000,
  concurrency: 32,
}

export function s3Client(config: S3Config, limits: Readonly<S3Limits> = S3_LIMITS): S3Client {
  const { connectMs, idleMs, requestMs, attempts } = limits
  // No limit here: the client takes the wait for a free connection for a store that is away.
  const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY }
  return new S3Client({
    region: config.region,
    forcePathStyle: config.forcePathStyle,
    ...(config.endpoint !== undefined && { endpoint: config.endpoint }),
    ...(config.credentials !== undefined && { credentials: config.credentials }),
    maxAttempts: attempts,
    retryMode: 'standard',
    // Other stores than AWS do not all know the newer checksums; ours are SHA-256 of the whole.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Its wait for "100 Continue" costs each part a connection of its own.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: connectMs,
      socketTimeout: idleMs,
      requestTimeout: requestMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  })
}
