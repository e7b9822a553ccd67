import { v7 as uuidv7 } from 'uuid'
import type { Clock } from '#platform/clock'
import { emailTaken, invalidCredentials } from './identity.errors.ts'
import type { Credentials, Tokens } from './identity.schemas.ts'
import type { IdentityStore } from './identity.store.ts'
import type { Role } from './identity.tables.ts'
import { checkNewPassword, type PasswordHasher } from './passwords.ts'
import type { Sessions } from './sessions.service.ts'

export interface Account {
  userId: string
  email: string
  role: Role
  createdAt: Date
}

export interface Identity {
  /** @throws AppError 400 for a weak password, 409 for a taken address. */
  register(credentials: Credentials, userAgent: string): Promise<Tokens>
  /** @throws AppError 401, after the same work whether the account exists or not. */
  logIn(credentials: Credentials, userAgent: string): Promise<Tokens>
  refresh(refreshToken: string): Promise<Tokens>
  logOut(sessionId: string): Promise<void>
  /** A disabled account cannot sign in, and all its sessions end. */
  setStatus(userId: string, status: 'active' | 'disabled'): Promise<void>
  /** Undefined when there is no such account. */
  account(userId: string): Promise<Account | undefined>
}

export interface IdentityDependencies {
  store: IdentityStore
  passwords: PasswordHasher
  sessions: Sessions
  clock: Clock
}

/** One mailbox, one spelling. The schema lets only ASCII addresses through. */
const normaliseEmail = (email: string): string => email.toLowerCase()

export function identityService(dependencies: IdentityDependencies): Identity {
  const { store, passwords, sessions, clock } = dependencies
  return {
    async register(credentials, userAgent) {
      const email = normaliseEmail(credentials.email)
      checkNewPassword(credentials.password, email)
      const passwordHash = await passwords.hash(credentials.password)
      const now = clock.now()
      const userId = uuidv7()
      const added = await store.addAccount({
        id: userId,
        email,
        password_hash: passwordHash,
        role: 'user',
        status: 'active',
        created_at: now,
        updated_at: now,
      })
      if (!added) throw emailTaken()
      return sessions.open({ userId, role: 'user' }, userAgent)
    },

    async logIn({ email, password }, userAgent) {
      const account = await store.accountByEmail(normaliseEmail(email))
      const matched = await passwords.matches(password, account?.password_hash)
      if (!matched || account === undefined || account.status !== 'active') {
        throw invalidCredentials()
      }
      if (passwords.isOutdated(account.password_hash)) {
        await store.setPasswordHash(account.id, await passwords.hash(password), clock.now())
      }
      return sessions.open({ userId: account.id, role: account.role }, userAgent)
    },

    refresh: (refreshToken) => sessions.refresh(refreshToken),
    logOut: (sessionId) => sessions.revoke(sessionId, 'logout'),

    async setStatus(userId, status) {
      await store.setStatus(userId, status, clock.now())
      if (status === 'disabled') await sessions.revokeAll(userId, 'admin')
    },

    async account(userId) {
      const row = await store.accountById(userId)
      if (row === undefined) return undefined
      return { userId: row.id, email: row.email, role: row.role, createdAt: row.created_at }
    },
  }
}
