import type { Report } from './language.ts'
import type { Figures } from './language-report.ts'

const percent = (value: number) => (value * 100).toFixed(1).padStart(6)
const number = (value: number) => String(Math.round(value)).padStart(7)

function figuresLine(name: string, figures: Figures): string {
  const { songs, accuracy, coverage, precision, calibrationError } = figures
  const cells = [accuracy, coverage, precision, calibrationError].map(percent)
  return `${name.padEnd(12)}${number(songs)} ${cells.join('    ')}`
}

/** A report as a table for people; shares in per cent. */
export function reportText(report: Report): string {
  return [
    `detector ${report.detectorVersion}`,
    `${' '.repeat(12)}  songs  accur.    cover.    precis.   ECE`,
    figuresLine('all', report.overall),
    figuresLine('held out', report.heldOut),
    ...report.bySource.map(([source, figures]) => figuresLine(source, figures)),
    '',
    `answers of at least ${report.recommendableConfidence}, by language`,
    '              songs answers  precis.  recall',
    ...report.byLanguage.map(
      ({ tag, songs, answers, precision, recall }) =>
        `${tag.padEnd(12)}${number(songs)} ${number(answers)}  ${percent(precision)}  ${percent(recall)}`,
    ),
    '',
    `loaded in ${Math.round(report.loadMs)} ms, ${Math.round(report.memoryMb)} MB; ` +
      `${Math.round(report.songsPerSecond)} songs a second`,
  ].join('\n')
}

/** The wrong answers in some languages (BCP 47), one a line. */
export function wrongText({ wrong }: Report, tags: readonly string[]): string {
  const lines = wrong.flatMap(({ song, detection: { ranked } }) => {
    const [answer] = ranked
    if (answer === undefined || !tags.includes(answer.tag)) return []
    const { title, artists, languages } = song
    const said = `${answer.tag} ${answer.confidence.toFixed(3)}`
    return [`${said} is ${languages.join('|')}: ${title} – ${artists.join(', ')}`]
  })
  return [`\nwrong answers in ${tags.join(', ')}: ${lines.length}`, ...lines].join('\n')
}
