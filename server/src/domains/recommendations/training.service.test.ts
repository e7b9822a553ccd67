import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createLogger } from '#platform/telemetry'
import { decodeModel } from './model/model-file.ts'
import { DEFAULT_PARAMETERS } from './model/model-manifest.ts'
import type { NewModel } from './registry/model.store.ts'
import {
  interactionsOf,
  languagesIn,
  MIN_CONFIDENCE,
  type Plays,
  type Song,
} from './small-world.ts'
import { type TrainingDependencies, trainingService } from './training.service.ts'

const SONGS: Song[] = [
  { name: 'sol', artists: 'Carla', language: 'es' },
  { name: 'hey', artists: 'Ann', language: 'en' },
  { name: 'tal', artists: 'Elena', language: 'es', confidence: 0.5 },
]
const PLAYS: Plays = { u: 'sol hey', v: 'sol hey tal' }

/** A registry and an object store in memory, with a training that publishes into them. */
function setUp(plays: Plays = PLAYS, changes: Partial<TrainingDependencies> = {}) {
  const published: NewModel[] = []
  const files: Uint8Array[] = []
  const put = async (key: string, content: Uint8Array) => {
    files.push(content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    return { key, sha256, sizeBytes: content.byteLength }
  }
  const songs = SONGS.map((song) => ({ ...song }))
  /** What happens between the reading of the active model and its replacement. */
  const state = { plays, meanwhile: async () => {} }
  const training = trainingService({
    store: {
      activeModel: async () => published.at(-1),
      async activate(model, replaces) {
        await state.meanwhile()
        if (published.at(-1)?.id !== replaces) return false
        published.push(model)
        return true
      },
    },
    objects: {
      put,
      async putFile() {
        throw new Error('a model is put from memory')
      },
    },
    music: {
      async *trainingInteractions() {
        yield* interactionsOf(state.plays)
      },
    },
    language: languagesIn(songs),
    minConfidence: MIN_CONFIDENCE,
    parameters: DEFAULT_PARAMETERS,
    origins: [{ origin: 'demo', licence: 'CC0-1.0' }],
    clock: { now: () => new Date('2026-11-02T00:00:00Z') },
    logger: createLogger({ logLevel: 'silent' }, { service: 'test' }),
    ...changes,
  })
  return { training, published, files, songs, state }
}

describe('training', () => {
  it('publishes a model that says what it was made of', async () => {
    const { training, files } = setUp()
    const outcome = await training.train()
    const model = decodeModel(files[0] ?? new Uint8Array())

    expect(outcome).toMatchObject({
      trained: true,
      version: expect.stringMatching(/^1\.0\.0\+[0-9a-f]{12}$/),
      tracksWithPendingLanguage: 0,
    })
    expect(model.languages).toEqual(['en', 'es'])
    expect(model.trackLanguages).toHaveLength(2)
    expect(model.manifest).toMatchObject({
      trainedAt: '2026-11-02T00:00:00.000Z',
      counts: { listeners: 2, tracks: 3, interactions: 5, languages: 2 },
      origins: [{ origin: 'demo', licence: 'CC0-1.0' }],
    })
  })

  it('does nothing when neither plays nor languages have changed', async () => {
    const { training, published } = setUp()
    await training.train()

    expect(await training.train()).toEqual({ trained: false, why: 'unchanged' })
    expect(published).toHaveLength(1)
  })

  it('trains again when the language of a track has become known', async () => {
    const { training, songs } = setUp()
    await training.train()
    for (const song of songs) song.confidence = 0.9

    expect(await training.train()).toMatchObject({ trained: true })
  })

  it('of two at once does not let the one that read less have the last word', async () => {
    const { training, published, state } = setUp()
    state.meanwhile = async () => {
      state.meanwhile = async () => {}
      state.plays = { ...PLAYS, w: 'hey tal' }
      await training.train()
    }

    expect(await training.train()).toEqual({ trained: false, why: 'unchanged' })
    expect(published.map(({ manifest }) => manifest.counts.listeners)).toEqual([3])
  })

  it('trains again when what was published meanwhile lacks something', async () => {
    const { training, published, state } = setUp()
    state.meanwhile = async () => {
      state.meanwhile = async () => {}
      await training.train()
      state.plays = { ...PLAYS, w: 'hey tal' }
    }

    expect(await training.train()).toMatchObject({ trained: true, counts: { listeners: 3 } })
    expect(published.map(({ manifest }) => manifest.counts.listeners)).toEqual([2, 3])
  })

  it('gives up when others never stop publishing', async () => {
    const { training, published, state } = setUp()
    let listeners = 0
    const publishAnother = async () => {
      state.meanwhile = async () => {}
      listeners += 1
      state.plays = { ...PLAYS, [`w${listeners}`]: 'hey tal', [`x${listeners}`]: 'sol hey' }
      await training.train()
      state.plays = { ...PLAYS, [`y${listeners}`]: 'sol tal' }
      state.meanwhile = publishAnother
    }
    state.meanwhile = publishAnother

    await expect(training.train()).rejects.toThrow('other trainings')
    expect(published).toHaveLength(5)
  })

  it('does nothing for a single listener', async () => {
    const { training } = setUp({ u: 'sol hey' })

    expect(await training.train()).toEqual({ trained: false, why: 'too_few_listeners' })
  })

  it('publishes nothing once it is aborted', async () => {
    const stopping = new AbortController()
    const { training, published } = setUp(PLAYS, {
      language: {
        async languagesOf() {
          stopping.abort(new Error('stopping'))
          return new Map()
        },
      },
    })

    await expect(training.train(stopping.signal)).rejects.toThrow('stopping')
    expect(published).toEqual([])
  })
})
