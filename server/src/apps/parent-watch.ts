/** After this a stop that hangs is cut short: nobody is left to hurry it. */
const STOP_TIMEOUT_MS = 10_000

/**
 * Runs `stop` and exits when the process that started this one ends, even by SIGKILL: the channel
 * between them then closes. Without a channel (any other way of being started) it does nothing.
 */
export function exitWithParent(stop: () => Promise<void>): void {
  if (!process.connected) return
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref()
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
  // The channel alone is no reason to stay alive.
  process.channel?.unref()
}
