/** What a start gives; undefined when it was told to stop while it waited for what it needs. */
export async function startedUnless<Started>(
  told: AbortSignal,
  start: (signal: AbortSignal) => Promise<Started>,
): Promise<Started | undefined> {
  try {
    return await start(told)
  } catch (error) {
    if (told.aborted) return undefined
    throw error
  }
}
