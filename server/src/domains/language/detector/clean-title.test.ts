import { describe, expect, it } from 'vitest'
import { cleanTitle, titleNotes } from './clean-title.ts'

describe('cleanTitle', () => {
  it.each([
    ['Creep - Remastered 2011', 'Creep'],
    ['Creep - 2011 Remaster', 'Creep'],
    ['Hallelujah (Live at Sin-é)', 'Hallelujah'],
    ['Macarena - Radio Edit', 'Macarena'],
    ['Despacito (feat. Daddy Yankee) [Remix]', 'Despacito'],
    ['Despacito feat. Daddy Yankee', 'Despacito'],
    ['Tum Hi Ho (From "Aashiqui 2")', 'Tum Hi Ho'],
    ['(I Can’t Get No) Satisfaction', '(I Can’t Get No) Satisfaction'],
    ['Time to Say Goodbye (Con te partirò)', 'Time to Say Goodbye (Con te partirò)'],
    ['Amor - Desamor', 'Amor Desamor'],
    ['(Live)', '(Live)'],
  ])('%s → %s', (title, cleaned) => {
    expect(cleanTitle(title)).toBe(cleaned)
  })

  it('keeps the words that contain a noise word', () => {
    expect(cleanTitle('Sensation (Alive)')).toBe('Sensation (Alive)')
  })
})

describe('titleNotes', () => {
  it('are the texts in brackets and after dashes', () => {
    expect(titleNotes('Vogue (Spanish Version) - Live')).toStrictEqual([
      '(Spanish Version)',
      'Live',
    ])
  })
})
