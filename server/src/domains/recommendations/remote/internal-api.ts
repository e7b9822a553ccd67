/** What both sides of the internal API agree upon. A change that old callers mind is a new version. */
export const INTERNAL_PREFIX = '/internal/v1'
export const BY_LANGUAGE_PATH = `${INTERNAL_PREFIX}/reco/by-language`
/** Held by callers with a service token, and by no user. */
export const INTERNAL_SCOPE = 'internal:reco'
