/** A position in the write-ahead log. */
export type Lsn = bigint

const FORM = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i

/** Of PostgreSQL's `16/B374D848`. @throws Error for any other text. */
export function parseLsn(text: string): Lsn {
  const [, high, low] = FORM.exec(text) ?? []
  if (high === undefined || low === undefined) throw new Error(`"${text}" is no log position`)
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}
