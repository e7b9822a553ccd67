import type { LanguageShares } from './country-languages.ts'

/** Words in a genre's name, and the languages that its songs are mostly in (general knowledge). */
const GENRES: readonly (readonly [words: RegExp, languages: LanguageShares])[] = [
  [/\bk-?pop\b|korean|\btrot\b|k-(?:rap|indie|ballad|rock)/, { ko: 0.93 }],
  [
    /\bj-?(?:pop|rock|rap|r&b|indie)\b|japanese|\banime\b|enka|city pop|vocaloid|kayokyoku/,
    { ja: 0.94 },
  ],
  [/cantopop|cantonese|hong kong/, { yue: 0.9, zh: 0.06 }],
  [/mandopop|mandarin|c-pop|chinese/, { zh: 0.92, yue: 0.03 }],
  [/taiwanese|hokkien/, { nan: 0.6, zh: 0.35 }],
  [/tamil|kollywood/, { ta: 0.95 }],
  [/telugu|tollywood/, { te: 0.95 }],
  [/malayalam|mollywood/, { ml: 0.95 }],
  [/kannada|sandalwood/, { kn: 0.95 }],
  [/bollywood|hindi/, { hi: 0.92, pa: 0.03 }],
  [/filmi/, { hi: 0.5, ta: 0.18, te: 0.16, ml: 0.05, kn: 0.05 }],
  [/bhangra|punjabi/, { pa: 0.9, hi: 0.05 }],
  [/\bindian\b|ghazal|qawwali/, { hi: 0.6, ur: 0.15, pa: 0.1 }],
  [/french|chanson|vari[ée]t[ée](?!.*inter)|fran[çc]aise?|francophone|y[ée]y[ée]/, { fr: 0.93 }],
  [/schlager/, { de: 0.75, nl: 0.15, sv: 0.03, da: 0.02 }],
  [/german|deutsch|neue deutsche/, { de: 0.9, en: 0.06 }],
  [
    /brazilian|\bmpb\b|sertanejo|bossa|forr[óo]|pagode|samba|ax[ée]|fado|portugu|funk carioca/,
    { pt: 0.93 },
  ],
  [
    /reggaeton|ranchera|mariachi|corrido|norte[ñn]|cumbia|bachata|salsa|merengue|bolero|flamenco|\bbanda\b|tejano|tango|vallenato|trova|balada|spanish|mexican|urbano latino|latin trap/,
    { es: 0.93, pt: 0.02 },
  ],
  [/\blatin/, { es: 0.68, pt: 0.2, en: 0.06 }],
  [/italian|cantautore|italo(?!-? ?disco)|napoletan/, { it: 0.94 }],
  [/dutch|nederland|levenslied|palingsound/, { nl: 0.9, en: 0.06 }],
  [/swedish|svensk|dansband/, { sv: 0.75, en: 0.2 }],
  [/norwegian/, { no: 0.75, en: 0.2 }],
  [/danish|dansk/, { da: 0.8, en: 0.15 }],
  [/finnish|suomi|iskelm/, { fi: 0.85, en: 0.1 }],
  [/icelandic/, { is: 0.6, en: 0.3 }],
  [/polish|disco polo/, { pl: 0.94 }],
  [/russian|russkiy|bard/, { ru: 0.9 }],
  [/ukrainian/, { uk: 0.85, ru: 0.06 }],
  [/turkish|arabesk|anatolian|t[üu]rk/, { tr: 0.93 }],
  [/greek|laik|rebetik|entehno/, { el: 0.94 }],
  [/israeli|hebrew|mizrahi/, { he: 0.92 }],
  [/arab|khal(?:ee|i)ji|\bra[iï](?![a-z])|egyptian|lebanese|shaabi|chaabi|tarab/, { ar: 0.92 }],
  [/persian|iranian/, { fa: 0.94 }],
  [/thai|luk thung|t-pop/, { th: 0.92 }],
  [/viet|v-pop|bolero viet/, { vi: 0.93 }],
  [/indonesian|dangdut/, { id: 0.93 }],
  [/malaysian|malay\b/, { ms: 0.85, id: 0.08 }],
  [/\bopm\b|pinoy|filipino/, { tl: 0.7, en: 0.28 }],
  [/country|bluegrass|motown|britpop|grunge|southern rock|delta blues/, { en: 0.96 }],
]

/** What a track's genres point to, those that tell alike in weight; undefined when none tells. */
export function genreLanguages(
  genres: readonly string[],
): { genre: string; languages: LanguageShares } | undefined {
  const telling = genres.flatMap((genre) => {
    const languages = GENRES.find(([words]) => words.test(genre.toLowerCase()))?.[1]
    return languages === undefined ? [] : [{ genre, languages }]
  })
  if (telling.length === 0) return undefined
  const mean: Record<string, number> = {}
  for (const { languages } of telling) {
    for (const [tag, share] of Object.entries(languages)) {
      mean[tag] = (mean[tag] ?? 0) + share / telling.length
    }
  }
  return { genre: telling.map(({ genre }) => genre).join(', '), languages: mean }
}
