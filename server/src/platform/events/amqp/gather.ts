/** Handles items in the order given, several in one call when they arrive faster than they go. */
export function gather<Item, Outcome>(
  handle: (items: readonly Item[]) => Promise<(item: Item) => Outcome>,
  maxItems: number,
): (item: Item) => Promise<Outcome> {
  const waiting: { item: Item; settle: PromiseWithResolvers<Outcome> }[] = []
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, maxItems)
      try {
        const outcomeOf = await handle(batch.map(({ item }) => item))
        for (const { item, settle } of batch) settle.resolve(outcomeOf(item))
      } catch (error) {
        for (const { settle } of batch) settle.reject(error)
      }
    }
    isRunning = false
  }

  return (item) => {
    const settle = Promise.withResolvers<Outcome>()
    waiting.push({ item, settle })
    // In a turn of its own, so that what arrives in one piece is handled in one.
    if (!isRunning) setImmediate(() => isRunning || void run())
    return settle.promise
  }
}
