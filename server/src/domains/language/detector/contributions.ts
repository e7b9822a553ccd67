import { perLanguage, support, worldShare } from './language-shares.ts'
import type { Markers } from './marker-words.ts'
import { FIELDS, type Signals } from './signals.ts'
import { scriptNats, textNats } from './text-nats.ts'
import type { Weights } from './weights.ts'

/** What one signal adds to the log-odds of each language, by `perLanguage`'s positions. */
export interface Contribution {
  source: string
  value: string
  nats: Float64Array
}

/** More marker words than this make a text no surer. */
const MAX_WORD_SUPPORT = 3

/** Log-prior of each language: the registrant's country where one is known, else the world. */
function priorNats({ registrant, country }: Signals, weights: Weights): Contribution {
  if (registrant === undefined || country === undefined) {
    const nats = perLanguage((index) => weights.world * Math.log(worldShare(index)))
    return { source: 'isrc', value: 'no country', nats }
  }
  const trust = registrant.aggregator ? weights.aggregator : 1
  const nats = perLanguage((index) => {
    const share = trust * (country[index] ?? 0) + (1 - trust) * worldShare(index)
    return weights.country * Math.log(share)
  })
  const value = registrant.aggregator ? `${registrant.country} (distributor)` : registrant.country
  return { source: 'isrc', value, nats }
}

function markerNats(source: string, { words, support }: Markers, weight: number): Contribution[] {
  if (words.length === 0) return []
  const nats = perLanguage((index) => weight * Math.min(support[index] ?? 0, MAX_WORD_SUPPORT))
  return [{ source, value: words.join(' '), nats }]
}

/** Genre, marker words, Han characters and cues, as far as they speak of a language. */
function hintNats(
  { genre, words, names, characters, cues }: Signals,
  weights: Weights,
): Contribution[] {
  const hints: Contribution[] = cues.map(({ tag, phrase, strength }) => ({
    source: 'cue',
    value: phrase,
    nats: support(tag, strength),
  }))
  if (genre !== undefined) {
    const nats = perLanguage(
      (index) => weights.genre * Math.log((genre.shares[index] ?? 0) / worldShare(index)),
    )
    hints.push({ source: 'genre', value: genre.genre, nats })
  }
  hints.push(...markerNats('words', words, weights.words))
  hints.push(...markerNats('artist', names, weights.names))
  if (characters !== undefined) {
    const nats = support(characters.tag, weights.characters)
    hints.push({ source: 'characters', value: characters.characters, nats })
  }
  return hints
}

function fieldNats({ fields }: Signals, weights: Weights): Contribution[] {
  const scriptWeights = {
    title: weights.script,
    album: weights.script,
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

/** What every signal adds to the languages of a track with singing, the prior first. */
export function contributions(signals: Signals, weights: Weights): Contribution[] {
  return [
    priorNats(signals, weights),
    ...hintNats(signals, weights),
    ...fieldNats(signals, weights),
  ]
}
