/** Errors with a public face: a stable code, a status, a text for the caller, and an inner cause. */
export { AppError, errorCode } from './app-error.ts'
