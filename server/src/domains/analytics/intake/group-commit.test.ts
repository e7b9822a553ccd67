import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GroupCommitOptions, groupCommit } from './group-commit.ts'

class PoisonError extends Error {}

/** Writes that end when they are told to. */
function gatedWrites() {
  const groups: { items: readonly string[]; finish: () => void; fail: (error: Error) => void }[] =
    []
  const write = async (items: readonly string[]) => {
    const gate = Promise.withResolvers<void>()
    groups.push({ items, finish: gate.resolve, fail: gate.reject })
    await gate.promise
    return items.map((item) => `${item}!`)
  }
  return { groups, write }
}

function committer(
  write: (items: readonly string[]) => Promise<readonly string[]>,
  options: Partial<GroupCommitOptions<string, string>> = {},
) {
  return groupCommit<string, string>({
    write,
    isItemFault: (error) => error instanceof PoisonError,
    refuse: (item) => `no ${item}`,
    busy: () => new Error('busy'),
    lanes: 1,
    maxGroupItems: 4,
    maxGroupBytes: 1_000,
    maxWaitingItems: 8,
    maxWaitingBytes: 1_000,
    maxWaitMs: 10_000,
    ...options,
  })
}

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve))

describe('a group commit', () => {
  it('writes together what came together, and gives each caller its own outcomes', async () => {
    const { groups, write } = gatedWrites()
    const group = committer(write)
    const answers = Promise.all([
      group.submit(['a'], 1),
      group.submit(['b', 'c'], 2),
      group.submit([], 0),
    ])
    await turn()
    expect(groups.map(({ items }) => items)).toEqual([['a', 'b', 'c']])
    groups[0]?.finish()
    expect(await answers).toEqual([['a!'], ['b!', 'c!'], []])
  })

  it('gathers while it writes, and begins again when that is done', async () => {
    const { groups, write } = gatedWrites()
    const group = committer(write)
    const first = group.submit(['a'], 1)
    await turn()
    const others = [group.submit(['b'], 1), group.submit(['c'], 1)]
    await turn()
    expect(groups).toHaveLength(1)
    expect(group.waitingItems()).toBe(2)
    groups[0]?.finish()
    await first
    await turn()
    expect(groups[1]?.items).toEqual(['b', 'c'])
    groups[1]?.finish()
    expect(await Promise.all(others)).toEqual([['b!'], ['c!']])
  })

  it('writes no more groups at once than it has lanes, and none larger than it may be', async () => {
    const { groups, write } = gatedWrites()
    const group = committer(write, { lanes: 2 })
    const answers = ['ab', 'cd', 'ef', 'gh'].map((pair) => group.submit(Array.from(pair), 2))
    await turn()
    expect(groups.map(({ items }) => items.join(''))).toEqual(['abcd', 'efgh'])
    for (const { finish } of groups) finish()
    expect((await Promise.all(answers)).flat()).toHaveLength(8)
  })

  it('keeps a group below its bytes, and takes a larger submission by itself', async () => {
    const { groups, write } = gatedWrites()
    const group = committer(write, { lanes: 9, maxGroupBytes: 10 })
    const answers = [6, 6, 20, 1].map((bytes) => group.submit([String(bytes)], bytes))
    await turn()
    expect(groups.map(({ items }) => items)).toEqual([['6'], ['6'], ['20']])
    for (const { finish } of groups) finish()
    await turn()
    await turn()
    expect(groups[3]?.items).toEqual(['1'])
    groups[3]?.finish()
    await Promise.all(answers)
  })

  it('refuses what it has no room for, at once, and takes more when there is room again', async () => {
    const { groups, write } = gatedWrites()
    const group = committer(write)
    const first = group.submit(['a'], 1)
    await turn()
    const waiting = Array.from({ length: 8 }, (_, index) => group.submit([String(index)], 1))
    await expect(group.submit(['x'], 1)).rejects.toThrow('busy')
    groups[0]?.finish()
    await first
    await turn()
    const late = group.submit(['y'], 1)
    await expect(group.submit(['z'], 2_000)).rejects.toThrow('busy')
    for (let index = 1; index < 4; index += 1) {
      groups[index]?.finish()
      await turn()
      await turn()
    }
    expect(await late).toEqual(['y!'])
    await Promise.all(waiting)
  })

  it('gives up on what gets no turn in time, and then does not write it', async () => {
    const { groups, write } = gatedWrites()
    const group = committer(write, { maxWaitMs: 5 })
    const first = group.submit(['a'], 1)
    await turn()
    await expect(group.submit(['b'], 1)).rejects.toThrow('busy')
    expect(group.waitingItems()).toBe(0)
    groups[0]?.finish()
    expect(await first).toEqual(['a!'])
    await group.close()
    expect(groups).toHaveLength(1)
  })

  it('answers nobody whose write failed, and goes on with the next', async () => {
    const { groups, write } = gatedWrites()
    const group = committer(write)
    const lost = [group.submit(['a'], 1), group.submit(['b'], 1)]
    await turn()
    groups[0]?.fail(new Error('connection lost'))
    for (const one of lost) await expect(one).rejects.toThrow('connection lost')
    const next = group.submit(['c'], 1)
    await turn()
    groups[1]?.finish()
    expect(await next).toEqual(['c!'])
  })

  it('writes what it has taken before it is closed, and takes no more', async () => {
    const { groups, write } = gatedWrites()
    const group = committer(write)
    const taken = [group.submit(['a'], 1), group.submit(['b', 'c', 'd', 'e'], 4)]
    await turn()
    const closed = group.close()
    await expect(group.submit(['x'], 1)).rejects.toThrow('busy')
    groups[0]?.finish()
    await turn()
    await turn()
    groups[1]?.finish()
    await closed
    expect(await Promise.all(taken)).toEqual([['a!'], ['b!', 'c!', 'd!', 'e!']])
  })

  it('lets a poisoned item harm nobody else, wherever it stands', async () => {
    const item = fc.record({ name: fc.nat(), poisoned: fc.boolean() })
    const submissions = fc.array(fc.array(item, { maxLength: 5 }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(submissions, async (sent) => {
        const written: string[] = []
        const group = committer(
          async (items) => {
            if (items.some((text) => text.endsWith('true'))) throw new PoisonError()
            written.push(...items)
            return items.map((text) => `${text}!`)
          },
          { maxGroupItems: 100, maxWaitingItems: 100 },
        )
        const texts = sent.map((items) => items.map(({ name, poisoned }) => `${name} ${poisoned}`))
        const outcomes = await Promise.all(texts.map((items) => group.submit(items, 1)))
        const good = texts.flat().filter((text) => text.endsWith('false'))
        expect(written).toEqual(good)
        expect(outcomes).toEqual(
          texts.map((items) =>
            items.map((text) => (text.endsWith('true') ? `no ${text}` : `${text}!`)),
          ),
        )
      }),
    )
  })
})
