/** Recordings of the same words: what is said of them in brackets or after a dash is no title. */
const NOTES: readonly RegExp[] = [
  /^(?:feat|ft|featuring|with|w\/|con|avec|mit|com|prod|produced by)\b/,
  /\bremaster(?:ed|s|izado|izada|ise|isee)?\b|\bremasterizado\b|\bdigitally restored\b/,
  /^live$|^(?:live|recorded live|recorded) (?:at|from|in|on|version|session|recording|acoustic|lounge|\d)/,
  /\blive$|^live,? \d|\b(?:en vivo|ao vivo|en directo|dal vivo|en concierto|en concert|live version|live session)\b/,
  /\bunplugged\b|^(?:bbc|maida vale|tiny desk|kexp)\b/,
  /^(?:radio|single|album|video|original|extended|clean|explicit|dirty|anime|lp|ep|full|short|tv|main|mono|stereo|club|movie|film|studio|\d+(?:"|”| inch)?) (?:edit|version|ver|mix|size|cut|remaster)\b/,
  /^(?:edit|single|clean|explicit|mono|stereo|tv size|original|bonus|bonus track|album version)$/,
  /\b(?:deluxe|anniversary|expanded|collectors?|special|bonus track|platinum) ?(?:edition|version)?$/,
  /^from (?:["“«'‘]|the\b)|^(?:from|theme from|music from) .*(?:soundtrack|film|movie|motion picture|series)/,
  /^(?:de la pelicula|de la serie|del film|du film|aus dem film|dal film|do filme|from the vault)\b/,
  /\bsoundtrack\b|\bbanda sonora\b|\bbande originale\b|^o\.?s\.?t\.?$|\bost\b/,
  /^(?:[\w']+ )?(?:acoustic|acustica|acustico|acoustique|akustik|stripped|piano|orchestral|demo|a ?cappella|slowed|sped up|nightcore|8d audio|lo-?fi)\b.*$/,
  /^(?:the )?(?:19|20)\d\d(?: (?:version|mix|recording|digital.*))?$/,
  /\b(?:re-?recorded|rerecorded)\b|'s version$|’s version$/,
  /^(?:official|lyrics?|music) (?:music |lyrics? |hd )?(?:video|audio|visuali[sz]er)$|^(?:audio|visuali[sz]er|lyrics)$/,
]

/**
 * Whether a part of a title only describes the recording.
 * @param part lower case, without accents.
 */
export function isNote(part: string): boolean {
  return NOTES.some((note) => note.test(part))
}
