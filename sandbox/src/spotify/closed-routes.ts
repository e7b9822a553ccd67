/**
 * What a development-mode app is refused: recommendations, related artists and audio features
 * since November 2024 (https://developer.spotify.com/blog/2024-11-27-changes-to-the-web-api), batch
 * reads and top tracks since February 2026
 * (https://developer.spotify.com/documentation/web-api/references/changes/february-2026).
 */
export const closedRoutes = [
  { path: '/recommendations', status: 404, message: 'Not found.' },
  { path: '/recommendations/available-genre-seeds', status: 404, message: 'Not found.' },
  { path: '/artists/:id/related-artists', status: 404, message: 'Not found.' },
  { path: '/artists/:id/top-tracks', status: 403, message: 'Forbidden' },
  { path: '/audio-features', status: 403, message: 'Forbidden' },
  { path: '/audio-features/:id', status: 403, message: 'Forbidden' },
  { path: '/audio-analysis/:id', status: 403, message: 'Forbidden' },
  { path: '/tracks', status: 403, message: 'Forbidden' },
  { path: '/artists', status: 403, message: 'Forbidden' },
  { path: '/albums', status: 403, message: 'Forbidden' },
  { path: '/markets', status: 403, message: 'Forbidden' },
  { path: '/users/:id', status: 403, message: 'Forbidden' },
] as const
