/** Genius (api.genius.com): pages with song texts; metadata and addresses only. */
export {
  type GeniusProvider,
  type GeniusProviderOptions,
  geniusProvider,
} from './genius-provider.ts'
