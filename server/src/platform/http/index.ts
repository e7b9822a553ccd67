/** HTTP: the server with the house's rules, and what a domain needs to declare routes. */
export { type Access, type Authenticate, callerOf, type Principal } from './access.ts'
export { createHttpServer, type HttpServerOptions } from './http-server.ts'
export type { HttpServer, Routes } from './http-types.ts'
export { Problem } from './problem.ts'
