import { readFileSync } from 'node:fs'

export interface Account {
  readonly uid: number
  readonly gid: number
}

/** Whom to run a server as that refuses to run as root; undefined when this process is not root. */
export function unprivileged(name: 'postgres' | 'nobody'): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([user]) => user === name)
  if (entry === undefined) throw new Error(`There is no user ${name} in /etc/passwd.`)
  return { uid: Number(entry[2]), gid: Number(entry[3]) }
}
