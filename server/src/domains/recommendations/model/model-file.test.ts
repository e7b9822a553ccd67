import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { collectInteractions } from './interactions.ts'
import type { ItemModel } from './item-model.ts'
import { decodeModel, encodeModel } from './model-file.ts'
import { ModelFileError } from './model-file-error.ts'
import { DEFAULT_PARAMETERS } from './model-manifest.ts'
import { languageColumns } from './track-languages.ts'
import { trainModel } from './train-model.ts'

let model: ItemModel
let file: Uint8Array

beforeAll(async () => {
  const interactions = await collectInteractions(
    ['u:a', 'u:b', 'v:b', 'v:ñandú'].map((pair) => {
      const [listenerId = '', trackId = ''] = pair.split(':')
      return { listenerId, trackId, plays: 1 }
    }),
  )
  model = await trainModel({
    interactions,
    languages: languageColumns(interactions.trackIds, (id) => (id === 'a' ? ['es', 'en'] : ['es'])),
    parameters: DEFAULT_PARAMETERS,
    origins: [{ origin: 'demo', licence: 'CC0-1.0' }],
    trainedAt: new Date('2026-11-01T00:00:00Z'),
  })
  file = encodeModel(model)
})

/** The file with a right checksum over content that `change` has spoilt. */
function resealed(change: (content: Buffer) => void): Uint8Array {
  const content = Buffer.from(file.subarray(0, -32))
  change(content)
  return Buffer.concat([content, createHash('sha256').update(content).digest()])
}

describe('a model file', () => {
  it('is read back as the model that was written', () => {
    expect(decodeModel(file)).toEqual(model)
  })

  it('is read from any place in a larger buffer', () => {
    const shifted = new Uint8Array(file.length + 3)
    shifted.set(file, 3)

    expect(decodeModel(shifted.subarray(3))).toEqual(model)
  })

  it('is refused wherever it is cut off', () => {
    for (let length = 0; length < file.length; length += 1) {
      expect(() => decodeModel(file.subarray(0, length))).toThrow(ModelFileError)
    }
  })

  it('is refused when any byte is another', () => {
    for (let at = 0; at < file.length; at += 1) {
      const spoilt = Uint8Array.from(file)
      spoilt[at] = (spoilt[at] ?? 0) ^ 0x10
      expect(() => decodeModel(spoilt)).toThrow(ModelFileError)
    }
  })

  it('is refused when a neighbour is no track of the model', () => {
    const lastTarget = file.length - 32 - model.weights.length * 4 - 4
    const spoilt = resealed((content) => content.writeInt32LE(3, lastTarget))

    expect(() => decodeModel(spoilt)).toThrow('targets holds 3, of 3')
  })

  it('is refused when a weight is no number', () => {
    const spoilt = resealed((content) => content.writeFloatLE(Number.NaN, content.length - 4))

    expect(() => decodeModel(spoilt)).toThrow('a weight is NaN')
  })

  it('is refused when its rows go back', () => {
    const { targets, weights } = model
    const middle = file.length - 32 - (weights.length + targets.length) * 4 - 8
    const spoilt = resealed((content) => content.writeInt32LE(-1, middle))

    expect(() => decodeModel(spoilt)).toThrow('offsets goes back')
  })

  it('is refused when its header asks for more than there is', () => {
    const spoilt = resealed((content) => content.writeUInt32LE(2 ** 31, 8))

    expect(() => decodeModel(spoilt)).toThrow('its header is cut off')
  })
})
