import { InvalidArgumentError } from 'commander'

/** Readers of what a command is given; each tells what it wants when it gets something else. */

export const limitUpTo =
  (max: number) =>
  (text: string): number => {
    const number = Number(text)
    if (Number.isInteger(number) && number >= 1 && number <= max) return number
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`)
  }

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** `what` names what has the id: "an event". */
export const idOf =
  (what: string) =>
  (text: string): string => {
    if (UUID.test(text)) return text.toLowerCase()
    throw new InvalidArgumentError(`It must be the id of ${what}, a UUID.`)
  }
