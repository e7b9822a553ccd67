import { describe, expect, it } from 'vitest'
import { normalisedStatement } from './slow-query.ts'

describe('a normalised statement', () => {
  it.each([
    ['select  *\n from t\twhere id = $1', 'select * from t where id = $1'],
    ["select 'it''s secret', 42, 1.5e3 from t", 'select ?, ?, ? from t'],
    ["select E'a\\'secret' , x::int4", 'select ? , x::int4'],
    ['select $tag$secret$tag$ -- secret\n/* secret */ from t1', 'select ? from t1'],
    ['select a where b in ($1, $2, $3)', 'select a where b in (…)'],
    ['select a where b in ($1)', 'select a where b in (…)'],
    ['insert into t values ($1, $2), ($3, $4), ($5, $6)', 'insert into t values (…), …'],
  ])('holds no value and one form for lists of any length: %s', (sql, expected) => {
    expect(normalisedStatement(sql)).toBe(expected)
  })

  it('is cut where it grows too long for a log line', () => {
    const text = normalisedStatement(`select ${'column_name, '.repeat(500)} x`)
    expect(text).toHaveLength(1000)
    expect(text.endsWith('…')).toBe(true)
  })
})
