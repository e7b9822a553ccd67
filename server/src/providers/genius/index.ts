/** Genius (api.genius.com): pages with song texts; metadata and addresses only. */
export { type GeniusProvider, geniusProvider } from './genius-provider.ts'
