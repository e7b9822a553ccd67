/** The providers there are: one line each. */
export { geniusProvider } from './genius/index.ts'
export { spotifyProvider } from './spotify/index.ts'
