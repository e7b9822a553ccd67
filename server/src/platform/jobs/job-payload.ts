import { Value } from 'typebox/value'
import type { AnyJob } from './job-definition.ts'
import { InvalidPayloadError } from './job-errors.ts'

const MAX_FAULTS = 5

/** @throws InvalidPayloadError naming what is wrong. */
export function checkPayload(job: AnyJob, payload: unknown): void {
  if (job.schema === undefined || Value.Check(job.schema, payload)) return
  const faults = Value.Errors(job.schema, payload)
    .slice(0, MAX_FAULTS)
    .map(({ instancePath, message }) => `${instancePath === '' ? 'it' : instancePath} ${message}`)
  throw new InvalidPayloadError(job.name, faults)
}
