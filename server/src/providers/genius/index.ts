/** Genius (api.genius.com): pages with song texts; metadata and addresses only. */
export { geniusProvider } from './genius-provider.ts'
