/** Words of a bracket or a dash suffix that describe the recording, not the song. */
const RECORDING_WORDS = [
  String.raw`feat\.?|ft\.?|featuring|with|prod\.?`,
  String.raw`re-?master(?:ed|is[ée]|izado|izada|ing)?|mono|stereo|\d{4}`,
  String.raw`live|unplugged|session[s]?|acoustic|demo|rehearsal|take \d+`,
  `en (?:vivo|directo)|ao vivo|ac[úu]stico|dal vivo|en (?:concert|public)`,
  `radio|edit|edition|mix|remix|remixed|re-?recorded|rework|dub|extended|club`,
  String.raw`version|versi[óo]n|vers[ãa]o|versione|ver\.?|instrumental|karaoke|off vocal`,
  `single|album|bonus|deluxe|explicit|clean|original|soundtrack|ost|reprise|intro|outro`,
  `from|theme|originally performed by|in the style of|made famous by|tribute`,
]
const RECORDING = new RegExp(
  String.raw`(?:^|[^\p{L}])(?:${RECORDING_WORDS.join('|')})(?![\p{L}])`,
  'iu',
)
const BRACKETS = /[([{（【][^()[\]{}（）【】]*[)\]}）】]/gu
/** A dash with spaces, or a trailing slash: what follows may be a note on the recording. */
const DASH = /\s[-–—/]\s/u
const GUESTS = /\s(?:feat\.?|ft\.?|featuring)\s.*$/iu

/** The text in brackets and after dashes: where titles say which version this is. */
export function titleNotes(title: string): string[] {
  const brackets = title.match(BRACKETS) ?? []
  return [...brackets, ...title.split(DASH).slice(1)]
}

/**
 * A title without notes on the recording: `Creep - Remastered 2011 (Live at Rome)` → `Creep`.
 * Brackets that belong to the song stay: `(I Can't Get No) Satisfaction`. Never empty unless
 * the title is blank.
 */
export function cleanTitle(title: string): string {
  const withoutBrackets = title.replace(BRACKETS, (note) => (RECORDING.test(note) ? ' ' : note))
  const [head = '', ...suffixes] = withoutBrackets.split(DASH)
  const kept = [head, ...suffixes.filter((suffix) => !RECORDING.test(suffix))].join(' ')
  const cleaned = kept.replace(GUESTS, '').replace(/\s+/gu, ' ').trim()
  return cleaned === '' ? title.trim() : cleaned
}
