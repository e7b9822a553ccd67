/** Runs one role, the rest being its arguments: `main.ts api|worker|reco|all|cli|start …`. */
import { runRole } from './apps/run-role.ts'

await runRole(process.argv[2] ?? '', process.argv.slice(3))
