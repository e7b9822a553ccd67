/** Runs one role: `main.ts api | worker | cli | start`, the rest being the role's arguments. */
import { runRole } from './apps/run-role.ts'

await runRole(process.argv[2] ?? '', process.argv.slice(3))
