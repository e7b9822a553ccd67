import { describe, expect, it } from 'vitest'
import { withTheRest } from './with-the-rest.ts'

const source = (...known: string[]) => {
  const asked: string[][] = []
  const find = async (ids: readonly string[]) => {
    asked.push([...ids])
    return ids.filter((id) => known.includes(id)).map((id) => ({ id }))
  }
  return { asked, find }
}
const read = (ids: string[], first: typeof none.find, second: typeof none.find) =>
  withTheRest(ids, ({ id }) => id, first, second)
const none = source()

describe('a source that may be behind', () => {
  it('is completed from the one that is not, in the order asked for', async () => {
    const behind = source('a', 'c')
    const current = source('a', 'b', 'c')
    const found = await read(['c', 'b', 'a', 'x'], behind.find, current.find)
    expect(found.map(({ id }) => id)).toEqual(['c', 'b', 'a'])
    expect(current.asked).toEqual([['b', 'x']])
  })

  it('is enough when it has everything', async () => {
    const current = source('a')
    expect(await read(['a', 'a'], source('a').find, current.find)).toHaveLength(2)
    expect(current.asked).toEqual([])
  })
})
