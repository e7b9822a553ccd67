/** From somebody who is called back to somebody who iterates: one item at a time, none kept. */
export interface Handover<T> {
  /** Resolves when the other side asks for the next item, or wants no more. */
  give(item: T): Promise<void>
  /** No item follows; with a reason, because something failed. */
  end(reason?: unknown): void
  items: AsyncGenerator<T>
}

export function handover<T>(): Handover<T> {
  const offered: { item: T; taken: () => void }[] = []
  let ended: { reason?: unknown } | undefined
  let wake: (() => void) | undefined

  function end(reason?: unknown): void {
    ended ??= reason === undefined ? {} : { reason }
    wake?.()
  }

  async function* iterate(): AsyncGenerator<T> {
    try {
      while (true) {
        const next = offered.shift()
        if (next !== undefined) {
          yield next.item
          next.taken()
        } else if (ended !== undefined) {
          if ('reason' in ended) throw ended.reason
          return
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    } finally {
      end()
      for (const { taken } of offered.splice(0)) taken()
    }
  }

  return {
    give: (item) =>
      new Promise((taken) => {
        if (ended !== undefined) {
          taken()
          return
        }
        offered.push({ item, taken })
        wake?.()
      }),
    end,
    items: iterate(),
  }
}
