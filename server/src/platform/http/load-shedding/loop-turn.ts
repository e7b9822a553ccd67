/**
 * How long ago the event loop woke up to what it is doing: what is answered now has been waiting
 * so long at least. Kept by whoever asks first in a turn; the loop comes to immediates at its end.
 */
export function loopTurn(nowMs: () => number): { begun(): void; lastedMs(): number } {
  let begunMs: number | undefined
  const end = () => {
    begunMs = undefined
  }
  return {
    begun() {
      if (begunMs !== undefined) return
      begunMs = nowMs()
      setImmediate(end)
    },
    lastedMs: () => (begunMs === undefined ? 0 : nowMs() - begunMs),
  }
}
