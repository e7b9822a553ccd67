import type { Script } from './script-ranges.ts'

/** What the detector knows of a language that is sung in beforehand, from general knowledge of recorded music. */
export interface Language {
  /** BCP 47. */
  tag: string
  /** Share of the world's streamed catalogue; relative, need not sum to 1. */
  share: number
  /** Share of its songs whose titles are shown in each script. */
  scripts: Readonly<Partial<Record<Script, number>>>
  /** Code whose n-grams in eld describe it; undefined where eld knows nothing of it. */
  eld: string | undefined
  /** Whether eld knows it in Latin letters; if not, Latin titles of it are romanised. */
  eldKnowsLatin: boolean
  /** Share of its songs that carry an English title. */
  englishTitles: number
}

const ENGLISH_TITLES = 0.04

function latin(tag: string, share: number, options: Partial<Language> = {}): Language {
  const scripts = { latin: 1 }
  return {
    tag,
    share,
    scripts,
    eld: tag,
    eldKnowsLatin: true,
    englishTitles: ENGLISH_TITLES,
    ...options,
  }
}

function native(
  tag: string,
  share: number,
  scripts: Language['scripts'],
  options: Partial<Language> = {},
): Language {
  return { tag, share, scripts, eld: tag, eldKnowsLatin: false, englishTitles: 0.08, ...options }
}

/**
 * The languages that an answer may name. Where eld lacks a language, `eld` names the nearest one
 * that it has: written Cantonese and Hokkien titles are Chinese to it, Indonesian is Malay,
 * Bosnian and Serbian in Latin letters are Croatian.
 */
export const LANGUAGES: readonly Language[] = [
  latin('en', 500, { englishTitles: 0 }),
  latin('es', 120),
  latin('pt', 50),
  latin('fr', 45),
  latin('de', 40),
  latin('it', 28),
  latin('nl', 10),
  latin('sv', 8),
  latin('no', 4),
  latin('da', 4),
  latin('fi', 5),
  latin('is', 1),
  latin('pl', 10),
  latin('cs', 3),
  latin('sk', 1.5),
  latin('sl', 1.5),
  latin('hr', 3),
  latin('bs', 1, { eld: 'hr' }),
  latin('sq', 1.5),
  latin('ro', 5),
  latin('hu', 3),
  latin('tr', 12),
  latin('az', 1),
  latin('et', 1.2),
  latin('lv', 1),
  latin('lt', 1),
  latin('ca', 3),
  latin('eu', 1),
  latin('vi', 6),
  latin('id', 14, { eld: 'ms', englishTitles: 0.08 }),
  latin('ms', 2, { englishTitles: 0.08 }),
  latin('tl', 5, { englishTitles: 0.2 }),
  latin('yo', 1),
  native('sr', 3, { cyrillic: 0.3, latin: 0.7 }, { eldKnowsLatin: true }),
  native('mk', 1, { cyrillic: 0.4, latin: 0.6 }, { eld: 'bg' }),
  native('ru', 20, { cyrillic: 0.85, latin: 0.15 }),
  native('uk', 4, { cyrillic: 0.8, latin: 0.2 }),
  native('be', 0.6, { cyrillic: 0.8, latin: 0.2 }),
  native('bg', 2, { cyrillic: 0.6, latin: 0.4 }),
  native('el', 5, { greek: 0.6, latin: 0.4 }),
  native('he', 5, { hebrew: 0.7, latin: 0.3 }),
  native('ar', 15, { arabic: 0.6, latin: 0.4 }),
  native('fa', 5, { arabic: 0.55, latin: 0.45 }),
  native('ur', 3, { arabic: 0.1, latin: 0.9 }),
  native('hi', 28, { devanagari: 0.1, latin: 0.9 }),
  native('mr', 1.5, { devanagari: 0.2, latin: 0.8 }),
  native('bn', 2, { bengali: 0.15, latin: 0.85 }),
  native('pa', 6, { gurmukhi: 0.05, latin: 0.95 }),
  native('gu', 1, { gujarati: 0.1, latin: 0.9 }),
  native('ta', 8, { tamil: 0.08, latin: 0.92 }),
  native('te', 7, { telugu: 0.05, latin: 0.95 }),
  native('kn', 1.5, { kannada: 0.05, latin: 0.95 }),
  native('ml', 2, { malayalam: 0.05, latin: 0.95 }),
  native('th', 6, { thai: 0.8, latin: 0.2 }, { englishTitles: 0.15 }),
  native('ka', 0.8, { georgian: 0.4, latin: 0.6 }),
  native('hy', 0.8, { armenian: 0.3, latin: 0.7 }),
  native('am', 0.8, { ethiopic: 0.3, latin: 0.7 }),
  native('ja', 40, { kana: 0.5, han: 0.2, latin: 0.3 }, { englishTitles: 0.6 }),
  native('ko', 25, { hangul: 0.65, latin: 0.35 }, { englishTitles: 0.8 }),
  native('zh', 30, { han: 0.92, latin: 0.08 }, { englishTitles: 0.5 }),
  native('yue', 6, { han: 0.93, latin: 0.07 }, { eld: 'zh', englishTitles: 0.5 }),
  native('nan', 2, { han: 0.95, latin: 0.05 }, { eld: 'zh', englishTitles: 0.3 }),
]

/** Position of a tag in `LANGUAGES`, or -1. */
export function languageIndex(tag: string): number {
  return LANGUAGES.findIndex((language) => language.tag === tag)
}
