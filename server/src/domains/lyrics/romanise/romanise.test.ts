import { describe, expect, it } from 'vitest'
import { romanise, schemeless } from './romanise.ts'

const reads = (cases: Record<string, string>) =>
  it.each(Object.entries(cases))('reads %s as %s', (native, latin) => {
    expect(romanise(native)).toBe(latin)
  })

describe('Cyrillic', () => {
  reads({
    кукушка: 'kukushka',
    'группа крови': 'gruppa krovi',
    'виктор цой': 'viktor tsoy',
    щедрик: 'shchedrik',
    'океан ельзи': 'okean elzi',
    ђурђевдан: 'djurdjevdan',
  })
})

describe('Greek', () => {
  reads({
    θάλασσα: 'thalassa',
    'μίκης θεοδωράκης': 'mikis theodorakis',
    ουρανός: 'ouranos',
    ευχαριστώ: 'efcharisto',
    μπάμπης: 'bampis',
  })
})

describe('kana', () => {
  reads({
    さくら: 'sakura',
    いつもなんどでも: 'itsumonandodemo',
    ちょっと: 'chotto',
    マッチ: 'matchi',
    'ジャパニーズ・パーティー': 'japanizu・pati',
    ヴァイオリン: 'vaiorin',
    ｱｲﾄﾞﾙ: 'aidoru',
    千と千尋: '千to千尋',
  })
})

describe('hangul', () => {
  reads({
    봄날: 'bomnal',
    음악: 'eumak',
    아리랑: 'arirang',
    '사랑을 했다': 'sarangeul haetda',
    신라: 'silla',
    합니다: 'hamnida',
    독립문: 'dongnimmun',
    방탄소년단: 'bangtansonyeondan',
  })
})

describe('schemeless', () => {
  it.each([
    ['viktor tsoy', 'viktor tsoi'],
    ['viktor tsoy', 'viktor coj'],
    ['tokyo', 'toukyou'],
    ['khoroshee nastroenie', 'horoshee nastroenie'],
    ['zhuki', 'zuki'],
    ['vsyo idyot po planu', 'vse idet po planu'],
    ['chyornyy bumer', 'chernyi bumer'],
    ['ta paidia tou peiraia', 'ta pedia tou pirea'],
  ])('reads %s and %s alike', (one, other) => {
    expect(schemeless(one)).toBe(schemeless(other))
  })

  it('keeps different words apart', () => {
    expect(schemeless('kukushka')).not.toBe(schemeless('katyusha'))
  })
})
