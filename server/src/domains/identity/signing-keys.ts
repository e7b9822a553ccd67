import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { Clock } from '#platform/clock'
import type { TextSealer } from '#platform/crypto'
import type { IdentityStore } from './identity.store.ts'

/** ECDSA on P-256 (RFC 7518): every JWT library of every language verifies it. */
export const SIGNING_ALGORITHM = 'ES256'

/** A public JWK (RFC 7517) with its id. */
type PublishedKey = JWK & { kid: string }
type SigningKey = Awaited<ReturnType<typeof importJWK>>

export interface LoadedKeys {
  current: { kid: string; privateKey: SigningKey }
  /** By kid: every key whose tokens may still be alive. */
  verifiers: ReadonlyMap<string, SigningKey>
  publicKeys: readonly PublishedKey[]
}

export interface SigningKeys {
  load(): Promise<LoadedKeys>
  /** For a kid not among the loaded ones; reads the store at most once in five seconds. */
  reload(): Promise<LoadedKeys>
}

/** Other replicas' rotations are seen within this time. */
const REFRESH_MS = 60_000
const MIN_RELOAD_MS = 5_000

const sealingContext = (kid: string) => `signing-key:${kid}`

/** The signing keys: made on first use, sealed at rest, shared by all replicas. */
export function signingKeys(dependencies: {
  store: IdentityStore
  sealer: TextSealer
  clock: Clock
  /** A retired key is still needed for that long: until its last tokens have died. */
  tokenTtlSeconds: number
}): SigningKeys {
  const { store, sealer, clock, tokenTtlSeconds } = dependencies
  let loaded: { keys: Promise<LoadedKeys>; atMs: number } | undefined

  async function read(): Promise<LoadedKeys> {
    const needed = new Date(clock.now().getTime() - tokenTtlSeconds * 1000)
    let rows = await store.signingKeys(needed)
    if (!rows.some((row) => row.retired_at === null)) {
      await create()
      rows = await store.signingKeys(needed)
    }
    const newest = rows.find((row) => row.retired_at === null)
    if (newest === undefined) throw new Error('no signing key could be made')
    const privateJwk = sealer.open(newest.private_jwk_sealed, sealingContext(newest.kid))
    const imported = rows.map(
      async (row): Promise<[string, SigningKey]> => [
        row.kid,
        await importJWK(row.public_jwk, row.algorithm),
      ],
    )
    return {
      current: {
        kid: newest.kid,
        privateKey: await importJWK(JSON.parse(privateJwk) as JWK, newest.algorithm),
      },
      verifiers: new Map(await Promise.all(imported)),
      publicKeys: rows.map((row) => ({ ...row.public_jwk, kid: row.kid })),
    }
  }

  /** When two replicas start at once, the store keeps the first key and drops the other. */
  async function create(): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, {
      extractable: true,
    })
    const publicJwk = await exportJWK(publicKey)
    const kid = await calculateJwkThumbprint(publicJwk)
    await store.addSigningKey({
      kid,
      algorithm: SIGNING_ALGORITHM,
      public_jwk: JSON.stringify({ ...publicJwk, kid, use: 'sig', alg: SIGNING_ALGORITHM }),
      private_jwk_sealed: sealer.seal(
        JSON.stringify(await exportJWK(privateKey)),
        sealingContext(kid),
      ),
      created_at: clock.now(),
      retired_at: null,
    })
  }

  function loadUnlessYoungerThan(ageMs: number): Promise<LoadedKeys> {
    const nowMs = clock.now().getTime()
    if (loaded === undefined || nowMs - loaded.atMs >= ageMs) {
      const previous = loaded?.keys
      // When the store is away, yesterday's keys still verify today's tokens.
      const keys = previous === undefined ? read() : read().catch(() => previous)
      loaded = { keys, atMs: nowMs }
      keys.catch(() => {
        loaded = undefined
      })
    }
    return loaded.keys
  }

  return {
    load: () => loadUnlessYoungerThan(REFRESH_MS),
    reload: () => loadUnlessYoungerThan(MIN_RELOAD_MS),
  }
}
