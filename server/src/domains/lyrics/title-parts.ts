import { type ComparableText, comparable, scriptHalves } from './normalise.ts'
import { marksOf, PART_ANYWHERE, partNumber, type TitleMark } from './title-marks.ts'
import { isNote } from './title-notes.ts'

/** One way of reading a title, and how far it may be trusted, 0 to 1. */
interface TitleReading {
  text: ComparableText
  trust: number
}

export interface TitleParts {
  /** As it was written, without marks and notes; never blank. */
  title: string
  /** The fullest first; never empty. */
  readings: TitleReading[]
  marks: ReadonlySet<TitleMark>
  /** What was left out of the readings, to tell otherwise equal pages apart; may be empty. */
  notes: string
}

/** A title without a part in brackets is nearly as good; half of a bilingual one a little less. */
const TRUST_WITHOUT_BRACKETS = 0.98
const TRUST_SCRIPT_HALF = 0.96

const BRACKETED = /[([{【（]([^()[\]{}【】（）]*)[)\]}】）]/gu
/** Japanese releases put a remark between two dashes: `TT -Japanese ver.-`. */
const BETWEEN_DASHES = /\s-([^\s-][^-]*)-\s*$/u
const TRAILING_REMIX = /\s(remix|rmx)\s*$/iu
const DASH = /\s+[-–—|~]\s+|\s+[–—]|:\s+(?=live\b)/iu
const TRAILING_GUESTS = /\s(?:feat|ft|featuring)\b\.?.*$/iu

const plain = (text: string) =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()

interface Sorted {
  titleParts: string[]
  marks: Set<TitleMark>
  notes: string[]
}

/** Puts a part where it belongs; says whether it belongs to the title. */
function sortPart(part: string, sorted: Sorted): boolean {
  const text = plain(part)
  const marks = marksOf(text)
  for (const mark of marks) sorted.marks.add(mark)
  if (marks.length === 0 && !isNote(text)) return true
  sorted.notes.push(text)
  return false
}

/**
 * Takes a title apart: `Bailando (feat. X) - Spanish Version` is the title "bailando" with the
 * mark `language:es` and the note "feat. X". Brackets that say nothing known stay, as optional.
 */
export function titleParts(title: string): TitleParts {
  const sorted: Sorted = { titleParts: [], marks: new Set(), notes: [] }
  const optional: string[] = []
  const bracketed = title.replace(BETWEEN_DASHES, ' ($1)').replace(TRAILING_REMIX, ' ($1)')
  const unmarked = bracketed.replace(BRACKETED, (group, inner: string) => {
    if (!sortPart(inner, sorted)) return ' '
    optional.push(group)
    return group
  })
  const [head = '', ...tails] = unmarked.split(DASH)
  const kept = [head, ...tails.filter((tail) => tail.trim() !== '' && sortPart(tail, sorted))]
  const full = withoutPart(kept.join(' - ').replace(TRAILING_GUESTS, ''), sorted)
  // A title that is nothing but a remark is the title.
  const whole = full.trim() === '' ? title : full
  const bare = optional.reduce((text, group) => text.replace(group, ' '), full)
  return {
    title: whole.replace(/\s+/gu, ' ').trim(),
    readings: readingsOf(whole, bare),
    marks: sorted.marks,
    notes: sorted.notes.join(' '),
  }
}

/** "…, Pt. 2" becomes a mark wherever it stands, unless nothing else would be left. */
function withoutPart(text: string, sorted: Sorted): string {
  const number = partNumber(plain(text))
  const rest = text.replace(PART_ANYWHERE, ' ')
  if (number === undefined || rest.trim() === '') return text
  sorted.marks.add(`part:${number}`)
  return rest
}

function readingsOf(full: string, bare: string): TitleReading[] {
  const readings = [{ text: comparable(full), trust: 1 }]
  if (bare !== full && bare.trim() !== '') {
    readings.push({ text: comparable(bare), trust: TRUST_WITHOUT_BRACKETS })
  }
  for (const half of scriptHalves(full)) {
    readings.push({ text: comparable(half), trust: TRUST_SCRIPT_HALF })
  }
  return readings
}
