import { S3ServiceException } from '@aws-sdk/client-s3'
import { ObjectError } from './object-error.ts'

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined

/** No such object; a bucket that is not there is a store that is not there. */
export const isMissing = (error: unknown): boolean =>
  statusOf(error) === 404 && error instanceof Error && error.name !== 'NoSuchBucket'

/** A condition of ours did not hold: the key was taken, or the object has changed. */
export const isPreconditionFailed = (error: unknown): boolean => statusOf(error) === 412

/** An upload in parts that is not under way: it was completed or given up before. */
export const isUploadGone = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.name === 'NoSuchUpload'

/** Another conditional write to the same key was under way; AWS asks to try again. */
export const isConditionalConflict = (error: unknown): boolean => statusOf(error) === 409

export function toObjectError(key: string, error: unknown): ObjectError {
  if (error instanceof ObjectError) return error
  return new ObjectError(isMissing(error) ? 'missing' : 'unavailable', key, { cause: error })
}
