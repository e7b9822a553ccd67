/** The free numbers of the log-linear model; each is a factor of one signal's log-likelihood. */
export interface Weights {
  /** How far the world's shares count when no ISRC tells a country. */
  world: number
  /** How far a country's shares count. */
  country: number
  /** Share of the country, against the world, for a distributor with clients everywhere, 0 to 1. */
  aggregator: number
  /** n-grams of the three texts, per 10 points of mean score. */
  title: number
  album: number
  artist: number
  /** Growth of n-gram evidence with their number, 0 (none) to 1 (as if independent). */
  growth: number
  /** Mean score of an n-gram assumed for a language that eld does not know in Latin letters. */
  romanised: number
  /** The same for a language that is not listed at all. */
  unlisted: number
  titleScript: number
  albumScript: number
  artistScript: number
  genre: number
  /** Per marker word. */
  words: number
  /** Per word of a performer's name. */
  names: number
  /** Per text with telling Han characters. */
  characters: number
}

/**
 * Fitted by coordinate descent on the log-loss of labelled songs, each list counting alike
 * (`node src/bench/language-main.ts SONGS.csv --fit`); the signals themselves are not.
 */
export const WEIGHTS: Weights = {
  world: 0.63,
  country: 0.95,
  aggregator: 0.4,
  title: 0.32,
  album: 0.124,
  artist: 0.166,
  growth: 0.52,
  romanised: 33.7,
  unlisted: 43,
  titleScript: 0.414,
  albumScript: 1.33,
  artistScript: 0.366,
  genre: 0.675,
  words: 2.4,
  names: 1,
  characters: 1,
}
