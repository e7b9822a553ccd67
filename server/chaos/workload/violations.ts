/** What must never happen, and did. */
export interface Violations {
  report(what: string): void
  /** Gives what was reported since the last time. */
  take(): string[]
}

export function violations(): Violations {
  let found: string[] = []
  return {
    report(what) {
      found.push(what)
    },
    take() {
      const taken = found
      found = []
      return taken
    },
  }
}
