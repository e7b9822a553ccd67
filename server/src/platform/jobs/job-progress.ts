/** How far a job is, as it is stored with the job. */
export interface JobProgress {
  done: number
  /** Absent when nobody knows. */
  total?: number
  note?: string
}

export type ReportProgress = (done: number, total?: number, note?: string) => void

const WRITE_EVERY_MS = 1_000

/**
 * Keeps the latest report and writes it at most once a second, so that a handler may report each
 * item. A write that fails is left to the next: progress is a courtesy.
 */
export function progressReports(write: (progress: JobProgress) => Promise<void>) {
  let latest: JobProgress | undefined
  let unwritten = false
  const timer = setInterval(() => {
    if (latest === undefined || !unwritten) return
    unwritten = false
    write(latest).catch(() => {
      unwritten = true
    })
  }, WRITE_EVERY_MS)
  timer.unref()

  const report: ReportProgress = (done, total, note) => {
    latest = {
      done,
      ...(total !== undefined && { total }),
      ...(note !== undefined && { note }),
    }
    unwritten = true
  }
  return {
    report,
    latest: () => latest,
    stop: () => clearInterval(timer),
  }
}
