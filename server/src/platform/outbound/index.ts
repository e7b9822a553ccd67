/** Calls to other people's servers: bounded, measured, and with faults a caller can act on. */
export type { ProviderAnswer } from './provider-answer.ts'
export {
  type ProviderClient,
  type ProviderClientOptions,
  providerClient,
} from './provider-client.ts'
export { ProviderError, type ProviderFault } from './provider-error.ts'
