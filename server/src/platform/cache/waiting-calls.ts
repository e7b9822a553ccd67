/** Calls under way that are let go, all at once, when it turns out that nothing will come of them. */
export function waitingCalls() {
  // Callbacks, as each race with one lasting promise would leave something behind on it.
  const waiting = new Set<() => void>()

  return {
    /** What the call gives or throws, or undefined once it is let go. */
    wait<T>(call: Promise<T>): Promise<T | undefined> {
      return new Promise((resolve, reject) => {
        const letGo = () => resolve(undefined)
        waiting.add(letGo)
        call.then(resolve, reject).finally(() => waiting.delete(letGo))
      })
    },
    letAllGo(): void {
      for (const letGo of waiting) letGo()
      waiting.clear()
    },
  }
}
