export interface Output {
  readonly isTerminal: boolean
  readonly columns: number
  write(text: string): void
}

export interface Terminal {
  line(text: string): void
  /** Announces a step; call the result when it is done. */
  begin(step: string): (detail: string) => void
  /** Ends the display of unfinished steps. */
  close(): void
}

/** A step that is quicker than this is only reported when done. */
const ANNOUNCE_AFTER_MS = 700
const CLEAR_LINE = '\r\u001b[K'

/**
 * Shows progress: one line a finished step. Unfinished ones share a line that is rewritten on a
 * terminal; elsewhere a slow step gets a plain line of its own.
 */
export function createTerminal(output: Output, nowMs: () => number): Terminal {
  const unfinished = new Set<string>()
  let isClosed = false

  const show = () => {
    if (!output.isTerminal || isClosed) return
    const text = unfinished.size === 0 ? '' : `  … ${[...unfinished].join(', ')}`
    output.write(CLEAR_LINE + text.slice(0, output.columns - 1))
  }
  const line = (text: string) => {
    output.write(`${output.isTerminal && !isClosed ? CLEAR_LINE : ''}${text}\n`)
    show()
  }

  return {
    line,
    begin(step) {
      const startedMs = nowMs()
      const announce = setTimeout(() => {
        if (!output.isTerminal && unfinished.has(step)) line(`  … ${step}`)
      }, ANNOUNCE_AFTER_MS)
      announce.unref()
      unfinished.add(step)
      show()
      return (detail) => {
        clearTimeout(announce)
        unfinished.delete(step)
        const seconds = ((nowMs() - startedMs) / 1000).toFixed(1)
        line(`  ✓ ${step.padEnd(14)} ${`${seconds} s`.padStart(6)}   ${detail}`)
      }
    },
    close() {
      if (output.isTerminal && !isClosed) output.write(CLEAR_LINE)
      unfinished.clear()
      isClosed = true
    },
  }
}
