/** Months of the calendar in UTC, each by its first moment. */

export const monthOf = (time: Date): Date =>
  new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth()))

/** The month so many months later; earlier, when below 0. */
export const addMonths = (month: Date, months: number): Date =>
  new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + months))

/** Both of them and those between. */
export const monthsFrom = (first: Date, last: Date): Date[] =>
  first > last ? [] : [first, ...monthsFrom(addMonths(first, 1), last)]

/** Each once, the earliest first. */
export const monthsOf = (times: readonly Date[]): Date[] =>
  [...new Set(times.map((time) => monthOf(time).getTime()))]
    .toSorted((a, b) => a - b)
    .map((timeMs) => new Date(timeMs))

/** `YYYY-MM-DD` */
export const dayText = (time: Date): string => time.toISOString().slice(0, 10)
