const MAX_LENGTH = 4000

/** What an operator is shown of an error later on: its stack, without what no text column keeps. */
export const errorText = (error: unknown): string =>
  (error instanceof Error ? (error.stack ?? error.message) : String(error))
    .replaceAll('\0', '')
    .slice(0, MAX_LENGTH)
