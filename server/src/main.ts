/** Runs one role: `main.ts api | worker | cli | start`, the rest being the role's arguments. */
const roles: Readonly<Record<string, () => Promise<{ run(args: string[]): Promise<void> }>>> = {
  api: () => import('./apps/api/index.ts'),
  worker: () => import('./apps/worker/index.ts'),
  cli: () => import('./apps/cli/index.ts'),
  start: async () => ({ run: (await import('./apps/local/index.ts')).runLocal }),
}

const [role = '', ...args] = process.argv.slice(2)
const load = roles[role]
if (load === undefined) {
  process.stderr.write(`Usage: main.ts <${Object.keys(roles).join('|')}> [arguments]\n`)
  process.exitCode = 2
} else {
  await (await load()).run(args)
}
