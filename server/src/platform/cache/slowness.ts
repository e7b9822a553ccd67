/** Long enough to tell a slow server from one slow answer. */
const WINDOW_MS = 250
const MIN_ANSWERS = 3

/**
 * Tells when a server has become slow: when for a while even its fastest answer took longer than the
 * limit. The fastest, since a process that is busy finds many answers late that came in time.
 */
export function slowness(limitMs: number) {
  let beganAtMs = Number.NEGATIVE_INFINITY
  let fastestMs = Number.POSITIVE_INFINITY
  let answers = 0

  function restart(nowMs: number): void {
    beganAtMs = nowMs
    fastestMs = Number.POSITIVE_INFINITY
    answers = 0
  }

  return {
    restart,
    /** Takes note of an answer; whether the server is slow. */
    sees(latencyMs: number, nowMs: number): boolean {
      fastestMs = Math.min(fastestMs, latencyMs)
      answers += 1
      if (answers < MIN_ANSWERS || nowMs - beganAtMs < WINDOW_MS) return false
      const isSlow = fastestMs > limitMs
      restart(nowMs)
      return isSlow
    },
  }
}
