import type { SceneName } from './scenes.ts'

export interface ListenerProfile {
  /** The user name of the demo; also the seed of everything about the listener. */
  readonly login: string
  readonly displayName: string
  /** ISO 3166 alpha-2. */
  readonly country: string
  /** How much of the listening each scene takes; relative weights. */
  readonly scenes: Partial<Record<SceneName, number>>
}

type Row = readonly [
  login: string,
  displayName: string,
  country: string,
  scenes: ListenerProfile['scenes'],
]

/**
 * Made-up people. All share some English; es, fr and ja have at least ten listeners each, spread
 * over several scenes, so that songs in these languages have listeners in common and yet remain to
 * be discovered.
 */
const ROWS: readonly Row[] = [
  ['lucia', 'Lucía Ferrer', 'ES', { 'es-pop': 5, 'en-pop': 3, 'fr-pop': 1, 'ca-mix': 1 }],
  ['mateo', 'Mateo Rojas', 'MX', { 'es-rock': 4, 'es-roots': 2, 'en-rock': 3, 'ja-rock': 1 }],
  [
    'valentina',
    'Valentina Ríos',
    'CO',
    { 'es-tropical': 5, 'en-urban': 2, 'pt-pop': 1, 'ko-pop': 1 },
  ],
  ['diego', 'Diego Sosa', 'AR', { 'es-rock': 5, 'en-rock': 3, 'it-pop': 1 }],
  ['camila', 'Camila Vega', 'CL', { 'es-pop': 3, 'ko-pop': 3, 'ja-pop': 2, 'en-pop': 2 }],
  ['emma', 'Emma Walsh', 'GB', { 'en-pop': 5, 'es-pop': 2, 'fr-pop': 2 }],
  ['oliver', 'Oliver Hart', 'GB', { 'en-rock': 5, 'ja-city': 2, wordless: 1 }],
  ['grace', 'Grace Miller', 'US', { 'en-folk': 5, 'es-roots': 2, 'pt-mpb': 2 }],
  ['jordan', 'Jordan Reed', 'US', { 'en-urban': 5, 'es-tropical': 3, 'ko-pop': 1 }],
  ['sofia', 'Sofia Martins', 'BR', { 'pt-mpb': 5, 'en-folk': 2, 'es-pop': 1, 'fr-chanson': 1 }],
  ['rafael', 'Rafael Lima', 'BR', { 'pt-pop': 5, 'en-rock': 3, 'es-rock': 1 }],
  ['ines', 'Inês Duarte', 'PT', { 'pt-fado': 3, 'pt-mpb': 2, 'en-pop': 2, 'fr-chanson': 1 }],
  ['chloe', 'Chloé Laurent', 'FR', { 'fr-pop': 5, 'en-pop': 3, 'es-pop': 1, 'ja-pop': 1 }],
  ['antoine', 'Antoine Mercier', 'FR', { 'fr-chanson': 5, 'it-classic': 2, 'en-folk': 2 }],
  ['maelys', 'Maëlys Roy', 'CA', { 'fr-chanson': 2, 'fr-pop': 3, 'en-folk': 3 }],
  ['amine', 'Amine Belkacem', 'FR', { 'ar-pop': 4, 'fr-pop': 3, 'en-urban': 2 }],
  ['haruka', 'Haruka Mori', 'JP', { 'ja-pop': 5, 'ko-pop': 2, 'en-pop': 2 }],
  ['kenji', 'Kenji Ueda', 'JP', { 'ja-rock': 5, 'en-rock': 3, 'de-rock': 1 }],
  ['aoi', 'Aoi Nakano', 'JP', { 'ja-city': 4, 'ja-pop': 2, 'fr-chanson': 1, 'en-folk': 2 }],
  ['ryo', 'Ryo Tanabe', 'JP', { wordless: 3, 'ja-city': 3, 'pt-mpb': 2, 'en-folk': 1 }],
  ['minji', 'Min-ji Han', 'KR', { 'ko-pop': 5, 'en-pop': 3, 'ja-pop': 1 }],
  ['seojun', 'Seo-jun Lim', 'KR', { 'ko-ballad': 5, 'en-folk': 2, 'ja-city': 1 }],
  ['meiling', 'Mei-ling Chen', 'TW', { 'zh-pop': 5, 'ja-pop': 2, 'en-pop': 2 }],
  ['haoran', 'Haoran Li', 'SG', { 'zh-rock': 3, 'zh-pop': 2, 'yue-pop': 2, 'en-rock': 2 }],
  ['kayan', 'Ka-yan Leung', 'HK', { 'yue-pop': 5, 'zh-pop': 2, 'en-pop': 2, 'ja-city': 1 }],
  ['priya', 'Priya Nair', 'IN', { 'hi-film': 4, 'south-film': 3, 'en-pop': 2 }],
  ['arjun', 'Arjun Reddy', 'IN', { 'south-film': 5, 'hi-film': 2, 'en-urban': 2 }],
  ['simran', 'Simran Gill', 'CA', { 'hi-film': 5, 'en-urban': 3 }],
  ['giulia', 'Giulia Conti', 'IT', { 'it-pop': 5, 'en-pop': 2, 'es-pop': 2 }],
  ['marco', 'Marco Riva', 'IT', { 'it-classic': 5, 'fr-chanson': 2, 'en-folk': 2 }],
  ['lena', 'Lena Vogel', 'DE', { 'de-pop': 4, 'en-pop': 3, 'es-pop': 2 }],
  ['jonas', 'Jonas Brandt', 'DE', { 'de-rock': 5, 'en-rock': 3, 'ja-rock': 1 }],
  ['clara', 'Clara Steiner', 'AT', { 'de-pop': 3, 'it-classic': 2, 'fr-chanson': 2, 'en-folk': 2 }],
  ['sander', 'Sander de Wit', 'NL', { 'nl-mix': 5, 'en-pop': 3, 'fr-pop': 1 }],
  ['freja', 'Freja Lindholm', 'SE', { nordic: 5, 'en-pop': 3, 'fi-is': 1 }],
  ['eino', 'Eino Salmi', 'FI', { 'fi-is': 4, nordic: 2, 'en-rock': 3, 'ja-rock': 1 }],
  ['kasia', 'Kasia Nowak', 'PL', { 'pl-mix': 5, 'en-rock': 2, 'es-pop': 2, 'uk-mix': 1 }],
  ['tomas', 'Tomáš Dvořák', 'CZ', { 'cs-hu': 4, 'pl-mix': 1, 'en-rock': 3, 'de-pop': 1 }],
  ['andreea', 'Andreea Popa', 'RO', { balkan: 4, 'en-pop': 3, 'it-pop': 2 }],
  ['marko', 'Marko Ilić', 'RS', { balkan: 5, 'en-rock': 3, 'ru-rock': 1 }],
  ['oksana', 'Oksana Bondar', 'UA', { 'uk-mix': 5, 'en-pop': 3, 'pl-mix': 1 }],
  ['dmitri', 'Dmitri Orlov', 'KZ', { 'ru-rock': 5, 'en-rock': 2, 'ru-pop': 2 }],
  ['anya', 'Anya Sokolova', 'GE', { 'ru-pop': 4, 'fr-pop': 2, 'en-pop': 2, 'ja-pop': 1 }],
  ['elif', 'Elif Kaya', 'TR', { 'tr-mix': 5, 'en-pop': 2, 'ar-pop': 1, 'es-tropical': 1 }],
  ['nikos', 'Nikos Vlahos', 'GR', { 'el-mix': 5, 'en-rock': 3, 'tr-mix': 1 }],
  ['leila', 'Leila Haddad', 'LB', { 'ar-tarab': 4, 'ar-pop': 2, 'fr-chanson': 2, 'en-pop': 1 }],
  ['noa', 'Noa Shalev', 'IL', { 'fa-he': 4, 'en-folk': 3, 'ar-pop': 1, 'es-roots': 1 }],
  ['putri', 'Putri Ananda', 'ID', { 'south-east-asia': 4, 'ko-pop': 2, 'en-pop': 3, 'ja-pop': 1 }],
]

export const LISTENER_PROFILES: readonly ListenerProfile[] = ROWS.map(
  ([login, displayName, country, scenes]) => ({ login, displayName, country, scenes }),
)
