import { describe, expect, it } from 'vitest'
import { collectInteractions, transpose } from './interactions.ts'

describe('collectInteractions', () => {
  it('adds up a pair that comes more than once, and leaves out what was never played', async () => {
    const matrix = await collectInteractions([
      { listenerId: 'u', trackId: 'B', plays: 2 },
      { listenerId: 'u', trackId: 'A', plays: 1 },
      { listenerId: 'u', trackId: 'B', plays: 3 },
      { listenerId: 'v', trackId: 'C', plays: 0 },
    ])

    expect(matrix.trackIds).toEqual(['A', 'B'])
    expect([...matrix.byListener.values]).toEqual([1, 5])
    expect(matrix).toMatchObject({ listenerCount: 1, size: 2 })
  })

  it('has a hash that tells other plays, but not another order', async () => {
    const one = { listenerId: 'u', trackId: 'A', plays: 1 }
    const other = { listenerId: 'v', trackId: 'A', plays: 1 }
    const hash = async (rows: (typeof one)[]) => (await collectInteractions(rows)).datasetHash

    expect(await hash([one, other])).toBe(await hash([other, one]))
    expect(await hash([one, other])).not.toBe(await hash([one, { ...other, plays: 2 }]))
  })
})

describe('transpose', () => {
  it('turns rows into columns', () => {
    const rows = {
      offsets: Int32Array.of(0, 2, 3),
      columns: Int32Array.of(0, 2, 2),
      values: Float32Array.of(1, 2, 3),
    }

    expect(transpose(rows, 3)).toEqual({
      offsets: Int32Array.of(0, 1, 1, 3),
      columns: Int32Array.of(0, 0, 1),
      values: Float32Array.of(1, 2, 3),
    })
  })
})
