/** Many small writes share one: what arrives while a group is written makes up the next group. */
export interface GroupCommitOptions<Item, Outcome> {
  /** Writes all of the items or none, and says what became of each, in their order. */
  write(items: readonly Item[]): Promise<readonly Outcome[]>
  /** Whether a failed write is the fault of one of its items, so that the others may be tried. */
  isItemFault(error: unknown): boolean
  /** What becomes of the item whose fault it was. */
  refuse(item: Item, error: unknown): Outcome
  /** What a caller is given when there is no room, or no turn came in time. */
  busy(): Error
  /** Groups written at once; more than one only while a full group waits, so that groups are large. */
  lanes: number
  /** Of a group; a single submission may be larger, and is then a group of its own. */
  maxGroupItems: number
  maxGroupBytes: number
  /** Of what waits for its turn. */
  maxWaitingItems: number
  maxWaitingBytes: number
  maxWaitMs: number
  /** Told of each write that succeeded. */
  onWritten?: (group: { items: number; durationMs: number }) => void
}

export interface GroupCommit<Item, Outcome> {
  /**
   * Resolves once the items are written; nothing of them is lost when the caller goes away.
   * @param bytes roughly, of all items
   * @throws what `busy` gives, or what the write failed with: then whether it took effect is unknown.
   */
  submit(items: readonly Item[], bytes: number): Promise<readonly Outcome[]>
  waitingItems(): number
  /** Takes no more, and resolves when what was taken is written. */
  close(): Promise<void>
}

interface Submission<Item, Outcome> {
  items: readonly Item[]
  bytes: number
  timer: NodeJS.Timeout
  settle: PromiseWithResolvers<readonly Outcome[]>
}

export function groupCommit<Item, Outcome>(
  options: GroupCommitOptions<Item, Outcome>,
): GroupCommit<Item, Outcome> {
  const { lanes, maxWaitMs, busy, onWritten } = options
  let waiting: Submission<Item, Outcome>[] = []
  let waitingItems = 0
  let waitingBytes = 0
  let writing = 0
  let pumpIsDue = false
  let closing: PromiseWithResolvers<void> | undefined

  const hasRoomFor = (items: number, bytes: number) =>
    waitingItems + items <= options.maxWaitingItems &&
    waitingBytes + bytes <= options.maxWaitingBytes

  const mayWrite = () => {
    if (waiting.length === 0 || writing >= lanes) return false
    const isFull = waitingItems >= options.maxGroupItems || waitingBytes >= options.maxGroupBytes
    return writing === 0 || isFull
  }

  function leave({ items, bytes, timer }: Submission<Item, Outcome>): void {
    clearTimeout(timer)
    waitingItems -= items.length
    waitingBytes -= bytes
  }

  function giveUp(submission: Submission<Item, Outcome>): void {
    waiting = waiting.filter((other) => other !== submission)
    leave(submission)
    submission.settle.reject(busy())
    finishClosing()
  }

  function nextGroup(): Submission<Item, Outcome>[] {
    let items = 0
    let bytes = 0
    const beyond = waiting.findIndex((submission, index) => {
      items += submission.items.length
      bytes += submission.bytes
      return index > 0 && (items > options.maxGroupItems || bytes > options.maxGroupBytes)
    })
    const group = waiting.splice(0, beyond === -1 ? waiting.length : beyond)
    group.forEach(leave)
    return group
  }

  async function writeGroup(group: readonly Submission<Item, Outcome>[]): Promise<void> {
    const startedMs = performance.now()
    try {
      const items = group.flatMap((submission) => submission.items)
      const outcomes = await writeApart(options, items)
      onWritten?.({ items: items.length, durationMs: performance.now() - startedMs })
      let from = 0
      for (const { items: own, settle } of group) {
        settle.resolve(outcomes.slice(from, from + own.length))
        from += own.length
      }
    } catch (error) {
      for (const { settle } of group) settle.reject(error)
    }
  }

  function pump(): void {
    pumpIsDue = false
    while (mayWrite()) {
      writing += 1
      void writeGroup(nextGroup()).then(() => {
        writing -= 1
        schedule()
        finishClosing()
      })
    }
  }

  /** After what the event loop has at hand: requests that came together are written together. */
  function schedule(): void {
    if (pumpIsDue || !mayWrite()) return
    pumpIsDue = true
    setImmediate(pump)
  }

  function finishClosing(): void {
    if (writing === 0 && waiting.length === 0) closing?.resolve()
  }

  return {
    async submit(items, bytes) {
      if (items.length === 0) return []
      if (closing !== undefined || !hasRoomFor(items.length, bytes)) throw busy()
      const submission: Submission<Item, Outcome> = {
        items,
        bytes,
        timer: setTimeout(() => giveUp(submission), maxWaitMs),
        settle: Promise.withResolvers(),
      }
      waiting.push(submission)
      waitingItems += items.length
      waitingBytes += bytes
      schedule()
      return submission.settle.promise
    },

    waitingItems: () => waitingItems,

    async close() {
      closing ??= Promise.withResolvers()
      finishClosing()
      await closing.promise
    },
  }
}

/** Writes all at once or, when an item is at fault, in halves until that one is found. */
async function writeApart<Item, Outcome>(
  options: Pick<GroupCommitOptions<Item, Outcome>, 'write' | 'isItemFault' | 'refuse'>,
  items: readonly Item[],
): Promise<readonly Outcome[]> {
  try {
    return await options.write(items)
  } catch (error) {
    const [first] = items
    if (first === undefined || !options.isItemFault(error)) throw error
    if (items.length === 1) return [options.refuse(first, error)]
    const middle = items.length >> 1
    return [
      ...(await writeApart(options, items.slice(0, middle))),
      ...(await writeApart(options, items.slice(middle))),
    ]
  }
}
