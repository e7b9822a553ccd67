import { describe, expect, it } from 'vitest'
import { tagVersions } from './tag-versions.ts'

describe('tag versions', () => {
  it('are looked up once, and again once they are forgotten', async () => {
    let asked = 0
    const versions = tagVersions(async (tags) => tags.map((tag) => `${tag}${++asked}`))
    expect(versions.known(['a'])).toBeUndefined()
    expect(await versions.find(['a', 'b'])).toBe('a1,b2')
    expect(versions.known(['a', 'b'])).toBe('a1,b2')
    versions.forget('a')
    expect(versions.known(['a', 'b'])).toBeUndefined()
    expect(versions.known(['b'])).toBe('b2')
    expect(await versions.find(['a'])).toBe('a3')
    versions.forgetAll()
    expect(versions.known(['b'])).toBeUndefined()
  })

  it('are nothing to wait for where there are no tags', () => {
    const versions = tagVersions(async () => undefined)
    expect(versions.known([])).toBe('')
  })

  it('are made here while nobody can be asked: one for all, and a new one after it is forgotten', async () => {
    const versions = tagVersions(async () => undefined)
    const found = await Promise.all([versions.find(['a']), versions.find(['a'])])
    expect(new Set(found).size).toBe(1)
    versions.forget('a')
    expect(await versions.find(['a'])).not.toBe(found[0])
  })

  it('are made here for a tag that a full store does not take', async () => {
    const versions = tagVersions(async () => ['one', undefined])
    const found = await versions.find(['a', 'b'])
    expect(found).toMatch(/^one,.{36}$/)
    expect(versions.known(['a', 'b'])).toBe(found)
  })

  it('are not kept when they were forgotten while they were looked up', async () => {
    const { promise, resolve } = Promise.withResolvers<string[]>()
    const versions = tagVersions(() => promise)
    const found = versions.find(['a'])
    versions.forget('a')
    resolve(['old'])
    expect(await found).toBe('old')
    expect(versions.known(['a'])).toBeUndefined()
  })
})
