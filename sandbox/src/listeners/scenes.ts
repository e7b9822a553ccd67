/** A scene: listeners of one share artists. Songs outside its genres are heard, but seldom. */
export interface Scene {
  readonly languages: readonly string[]
  /** Genres at home in the scene; none = every genre. */
  readonly genres?: RegExp
  /** The middle of the years its listeners favour. */
  readonly era: number
}

export const SCENES = {
  'en-pop': { languages: ['en'], genres: /pop|disco|dance|soul|electro/, era: 2012 },
  'en-rock': { languages: ['en'], genres: /rock|new wave|grunge|metal|punk/, era: 1988 },
  'en-folk': { languages: ['en'], genres: /folk|singer-songwriter|country|jazz/, era: 1985 },
  'en-urban': { languages: ['en'], genres: /hip hop|rap|r&b|soul|funk/, era: 2008 },
  'es-pop': { languages: ['es'], genres: /pop|balada|ballad|electro|r&b/, era: 2010 },
  'es-rock': { languages: ['es'], genres: /rock|folk|new wave|punk|ska/, era: 1995 },
  'es-tropical': {
    languages: ['es'],
    genres: /reggaeton|salsa|bachata|cumbia|merengue|trap/,
    era: 2012,
  },
  'es-roots': {
    languages: ['es'],
    genres: /mariachi|ranchera|norteño|tejano|bolero|tango|flamenco|folk/,
    era: 1978,
  },
  'fr-chanson': { languages: ['fr'], genres: /chanson|yé-yé|variété/, era: 1972 },
  'fr-pop': { languages: ['fr'], genres: /pop|electro|new wave|rock|rap|hip hop|r&b/, era: 2010 },
  'ja-pop': { languages: ['ja'], genres: /j-pop|anime|electro|r&b/, era: 2016 },
  'ja-rock': { languages: ['ja'], genres: /rock|visual kei|punk|anime/, era: 2008 },
  'ja-city': {
    languages: ['ja'],
    genres: /city pop|kayokyoku|folk|funk|ballad|enka|jazz/,
    era: 1984,
  },
  'ko-pop': { languages: ['ko'], genres: /k-pop|dance|pop|edm/, era: 2019 },
  'ko-ballad': { languages: ['ko'], genres: /ballad|folk|rock|r&b|hip hop/, era: 2010 },
  'pt-mpb': { languages: ['pt'], genres: /mpb|bossa|samba|tropicália|jazz|soul/, era: 1978 },
  'pt-pop': { languages: ['pt'], genres: /pop|rock|sertanejo|funk|folk|rap|hip hop/, era: 2008 },
  'pt-fado': { languages: ['pt'], genres: /fado|intervenção|folk/, era: 1985 },
  'it-classic': { languages: ['it'], genres: /canzone|disco|beat|folk|rock and roll/, era: 1972 },
  'it-pop': { languages: ['it'], genres: /pop|rock|r&b|rap|hip hop|crossover/, era: 2008 },
  'de-pop': { languages: ['de'], genres: /pop|schlager|chanson|ballad|hip hop/, era: 1998 },
  'de-rock': { languages: ['de'], genres: /rock|punk|welle|metal|härte|synth/, era: 1990 },
  'zh-pop': { languages: ['zh'], genres: /mandopop|ballad|r&b|dance/, era: 2006 },
  'zh-rock': { languages: ['zh'], genres: /rock|folk|alternative|indie|electronic/, era: 2008 },
  'yue-pop': { languages: ['yue'], era: 1996 },
  'hi-film': { languages: ['hi', 'pa'], genres: /bollywood|filmi|ballad|bhangra/, era: 2010 },
  'south-film': { languages: ['ta', 'te'], era: 2016 },
  'ar-pop': { languages: ['ar'], genres: /pop|raï|chaabi|khaliji|rock|indie/, era: 2008 },
  'ar-tarab': { languages: ['ar'], genres: /tarab|classical|lebanese|folk|soundtrack/, era: 1968 },
  'tr-mix': { languages: ['tr'], era: 1995 },
  'fa-he': { languages: ['fa', 'he'], era: 1998 },
  'ru-rock': { languages: ['ru'], genres: /rock|punk|post-punk|bard|wave/, era: 1992 },
  'ru-pop': { languages: ['ru'], genres: /pop|estrada|dance|hip hop|soundtrack/, era: 2002 },
  'uk-mix': { languages: ['uk'], era: 2014 },
  'pl-mix': { languages: ['pl'], era: 1992 },
  'nl-mix': { languages: ['nl'], era: 2000 },
  nordic: { languages: ['sv', 'no', 'da'], era: 1998 },
  'fi-is': { languages: ['fi', 'is'], era: 2004 },
  balkan: { languages: ['sr', 'hr', 'ro'], era: 1992 },
  'cs-hu': { languages: ['cs', 'hu'], era: 1986 },
  'el-mix': { languages: ['el'], era: 1988 },
  'ca-mix': { languages: ['ca'], era: 1995 },
  'south-east-asia': { languages: ['id', 'vi', 'th'], era: 2012 },
  wordless: { languages: ['zxx'], era: 1995 },
} as const satisfies Record<string, Scene>

export type SceneName = keyof typeof SCENES

export function isSceneName(name: string): name is SceneName {
  return Object.hasOwn(SCENES, name)
}

export function languagesOfScene(name: string): readonly string[] {
  return isSceneName(name) ? SCENES[name].languages : []
}
