import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
const POSTGRES = '/usr/lib/postgresql'

/** Debian's package for each server that is no part of this repository. */
const PACKAGES = {
  'redis-server': 'redis-server',
  'rabbitmq-server': 'rabbitmq-server',
  nginx: 'nginx-light',
  pgbouncer: 'pgbouncer',
  kcat: 'kcat',
  postgresql: 'postgresql',
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  radosgw: 'radosgw',
} as const

export type ServerName = keyof typeof PACKAGES

/** Debian keeps each major version's programs in a folder of its own; the newest one's. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(POSTGRES)) return undefined
  const versions = readdirSync(POSTGRES).toSorted((a, b) => Number(b) - Number(a))
  return versions
    .map((version) => join(POSTGRES, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')))
}

export function programPath(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/** Why a test that needs these servers cannot run here, or undefined when it can. */
export function missingServer(...names: readonly ServerName[]): string | undefined {
  const missing = names.filter((name) =>
    name === 'postgresql' ? postgresPrograms() === undefined : programPath(name) === undefined,
  )
  if (missing.length === 0) return undefined
  const packages = missing.map((name) => PACKAGES[name])
  return `${missing.join(' and ')} not installed (apt-get install ${packages.join(' ')})`
}
