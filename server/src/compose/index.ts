/** Builds the system out of its parts: the only folder that sees all of them. */
import { createDetector, type TrackMetadata } from '#domains/language'
import type { Config } from '#platform/config'
import { waitForDatabase } from '#platform/db'
import { type Health, healthOf } from '#platform/http'
import { apiServer } from './api-server.ts'
import { domainParts } from './domain-parts.ts'
import { healthChecks } from './health-checks.ts'
import { jobRunner, jobWorker } from './job-worker.ts'
import { type ComposeOptions, platformParts } from './platform-parts.ts'
import { providerParts } from './provider-parts.ts'
import { recoServer } from './reco-server.ts'

export { backups } from './backup-parts.ts'
export type { ComposeOptions } from './platform-parts.ts'

export type System = ReturnType<typeof compose>

/** Opens no connection yet: each part connects when it is first used. */
export function compose(config: Config, options: ComposeOptions) {
  const platform = platformParts(config, options)
  const providers = providerParts(platform)
  const domains = domainParts(platform, providers)
  const { logger, metrics, database } = platform
  const { identity, catalogue, history, language, training } = domains
  const checks = healthChecks(platform)

  return {
    logger,
    metrics,
    identity,
    catalogue,
    history,
    language,
    training,
    objects: platform.objects,
    /** @throws when PostgreSQL does not answer or lacks a migration. */
    checkDatabase: database.checkReady,
    /** Resolves when PostgreSQL answers and is migrated; says meanwhile what it waits for. */
    waitForDatabase: (signal?: AbortSignal) =>
      waitForDatabase({
        url: config.database.url,
        check: database.checkReady,
        onWait: (message) => logger.warn(message),
        ...(signal !== undefined && { signal }),
      }),
    /** What a process that answers requests is judged by. */
    checks,
    httpServer: (health: Health = healthOf(checks)) => apiServer(platform, domains, health),
    recoServer: (health: Health = healthOf(checks)) => recoServer(platform, domains, health),
    jobWorker: (signal?: AbortSignal) => jobWorker(platform, domains, signal),
    jobRunner: (signal?: AbortSignal) => jobRunner(platform, domains, signal),
    jobs: platform.jobs.admin,
    events: domains.events,
    lake: domains.lakeReads,
    eventErasure: domains.eventErasure,

    /**
     * Releases everything; call once, after the HTTP server and the worker have stopped.
     * @throws the failures, after the rest is released all the same.
     */
    async close(): Promise<void> {
      const failures = [
        ...(await domains.closeAnalytics()),
        ...(await domains.events.close()),
        ...(await providers.close()),
        ...(await platform.close()),
      ]
      if (failures.length > 0) throw new AggregateError(failures, 'not everything was closed')
    },
  }
}

/** What the detector makes of a song, without a system around it. Loads it: half a second, 50 MB. */
export async function detectLanguage(song: TrackMetadata) {
  return (await createDetector()).detect(song)
}
