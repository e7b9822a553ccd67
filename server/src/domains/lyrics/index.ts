/** Lyrics: find where a song's words live. Owns `lyrics_search`; asks any LyricsProvider. */
export type { LyricsCandidate, LyricsProvider, LyricsState } from './lyrics.ports.ts'
export { lyricsRoutes } from './lyrics.routes.ts'
export { lyricsService } from './lyrics.service.ts'
export { lyricsStore } from './lyrics.store.ts'
export type { LyricsTables } from './lyrics.tables.ts'
