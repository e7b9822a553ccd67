/** The sandbox as a library: start it on a free port, point a client at its URL, close it. */
export type { Artist, Catalogue, Track } from './catalogue/catalogue.ts'
export { CatalogueError } from './catalogue/catalogue.ts'
export type { Fault, FaultKind } from './control/faults.ts'
export { RecordedAnswersError } from './recorded/load-recorded.ts'
export { type Sandbox, type SandboxOptions, startSandbox } from './start-sandbox.ts'
