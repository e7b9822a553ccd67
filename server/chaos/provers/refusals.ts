/** What an API says itself of its refusals (status 503) up to now: how many took at most so long. */
export async function refusalsOf(
  metricsPort: number,
  withinSeconds: number,
): Promise<{ count: number; shareWithin: number }> {
  const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`)
  const lines = (await answer.text())
    .split('\n')
    .filter((line) => line.startsWith('http_request_duration_seconds'))
    .filter((line) => line.includes('status_code="503"'))
  const sum = (having: string) =>
    lines
      .filter((line) => line.includes(having))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0)
  const count = sum('_count{')
  return { count, shareWithin: sum(`le="${withinSeconds}"`) / Math.max(1, count) }
}
