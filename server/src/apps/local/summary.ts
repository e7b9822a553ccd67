import type { LocalConfig } from '#platform/config'

interface Summary {
  readonly config: LocalConfig
  readonly sandboxUrl: string | undefined
  readonly demoPassword: string
  /** Since the process started. */
  readonly readyAfterMs: number
}

const DEMO_EMAIL = 'demo@example.org'

/** What is where, once everything runs. */
export function summary({ config, sandboxUrl, demoPassword, readyAfterMs }: Summary): string {
  const rows: [string, string][] = [
    ['API', config.publicUrl],
    ['API docs', `${config.publicUrl}/docs`],
    [
      'Metrics',
      `http://127.0.0.1:${config.metricsPort}/metrics, worker: http://127.0.0.1:${config.workerMetricsPort}/metrics`,
    ],
  ]
  if (sandboxUrl !== undefined) {
    rows.push(['Sandbox', `${sandboxUrl} (stands in for Spotify and Genius)`])
    rows.push(['Demo login', `${DEMO_EMAIL} / ${demoPassword}`])
  }
  rows.push(['Data, logs', `${config.dataDir}, ${config.dataDir}/logs`])
  if (sandboxUrl !== undefined) rows.push(['Try', 'npm run demo'])
  rows.push(['Stop', 'Ctrl-C'])
  const lines = rows.map(([label, value]) => `  ${label.padEnd(12)} ${value}`)
  const seconds = (readyAfterMs / 1000).toFixed(1)
  return `\nMusic Language is ready after ${seconds} s.\n\n${lines.join('\n')}\n`
}
