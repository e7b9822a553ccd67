import { perLanguage, shareIn, support, worldShare } from './language-shares.ts'
import { languageIndex } from './languages.ts'
import { FIELDS, type Signals } from './signals.ts'
import { scriptNats, textNats } from './text-nats.ts'
import type { Weights } from './weights.ts'

/** What one signal adds to the log-odds of each language, by `perLanguage`'s positions. */
export interface Contribution {
  source: string
  value: string
  nats: Float64Array
}

/** What a table of shares leaves to any language at all. */
const LEFT_TO_ANY = 0.02
const GENRE_LEFT_TO_ANY = 0.15
/** More marker words than this make a text no surer. */
const MAX_WORD_SUPPORT = 3

const INSTRUMENTAL = 'zxx'

/** Log-prior of each language: the registrant's country where one is known, else the world. */
function priorNats({ registrant, country }: Signals, weights: Weights): Contribution {
  if (registrant === undefined || country === undefined) {
    const nats = perLanguage((index) => weights.world * Math.log(worldShare(index)))
    return { source: 'isrc', value: 'no country', nats }
  }
  const trust = registrant.aggregator ? weights.aggregator : 1
  const nats = perLanguage((index) => {
    const local = shareIn(country, index, LEFT_TO_ANY)
    return weights.country * Math.log(trust * local + (1 - trust) * worldShare(index))
  })
  const value = registrant.aggregator ? `${registrant.country} (distributor)` : registrant.country
  return { source: 'isrc', value, nats }
}

/** Genre, marker words, Han characters and cues, as far as they speak of a language. */
function hintNats({ genre, words, characters, cues }: Signals, weights: Weights): Contribution[] {
  const hints: Contribution[] = cues
    .filter(({ tag }) => tag !== INSTRUMENTAL)
    .map(({ tag, phrase, strength }) => ({
      source: 'cue',
      value: phrase,
      nats: support(tag, strength),
    }))
  if (genre !== undefined) {
    const nats = perLanguage(
      (index) =>
        weights.genre *
        Math.log(shareIn(genre.languages, index, GENRE_LEFT_TO_ANY) / worldShare(index)),
    )
    hints.push({ source: 'genre', value: genre.genre, nats })
  }
  if (words.words.length > 0) {
    const nats = perLanguage(
      (index) => weights.words * Math.min(words.support[index] ?? 0, MAX_WORD_SUPPORT),
    )
    hints.push({ source: 'words', value: words.words.join(' '), nats })
  }
  if (characters !== undefined) {
    const nats = support(characters.tag, weights.characters)
    hints.push({ source: 'characters', value: characters.characters, nats })
  }
  return hints
}

function fieldNats({ fields }: Signals, weights: Weights): Contribution[] {
  const scriptWeights = {
    title: weights.titleScript,
    album: weights.albumScript,
    artist: weights.artistScript,
  }
  return FIELDS.flatMap((name) => {
    const field = fields[name]
    if (field.script === undefined) return []
    const script = name === 'title' ? field.script : `${field.script} (${name})`
    return [
      { source: name, value: field.text, nats: textNats(field, weights[name], weights) },
      { source: 'script', value: script, nats: scriptNats(field, scriptWeights[name]) },
    ]
  })
}

/**
 * An instrumental may come from anywhere and its title be in any language, so whatever speaks of
 * a language says nothing about whether a track is one. Takes that out of the readings, and gives
 * instrumentals their share against all sung languages together.
 */
function instrumentalNats(readings: readonly Contribution[]): Contribution {
  const position = languageIndex(INSTRUMENTAL)
  for (const { nats } of readings) nats[position] = 0
  const sums = perLanguage((index) =>
    readings.reduce((sum, { nats }) => sum + (nats[index] ?? 0), 0),
  ).with(position, Number.NEGATIVE_INFINITY)
  const highest = Math.max(...sums)
  const all = highest + Math.log(sums.reduce((sum, nats) => sum + Math.exp(nats - highest), 0))
  const nats = support(INSTRUMENTAL, all + Math.log(worldShare(position)))
  return { source: 'instrumental', value: 'share of instrumentals', nats }
}

function instrumentalHints({ instrumental, cues }: Signals): Contribution[] {
  const hints = cues.filter(({ tag }) => tag === INSTRUMENTAL)
  const genres =
    instrumental === undefined
      ? []
      : [{ source: 'genre', value: instrumental.genre, strength: instrumental.strength }]
  return [
    ...hints.map(({ phrase, strength }) => ({ source: 'cue', value: phrase, strength })),
    ...genres,
  ].map(({ source, value, strength }) => ({ source, value, nats: support(INSTRUMENTAL, strength) }))
}

/** Every signal's contribution, prior first. */
export function contributions(signals: Signals, weights: Weights): Contribution[] {
  const readings = [
    priorNats(signals, weights),
    ...hintNats(signals, weights),
    ...fieldNats(signals, weights),
  ]
  return [...readings, instrumentalNats(readings), ...instrumentalHints(signals)]
}
