/** HTTP: the server with the house's rules, and what a domain needs to declare routes. */
export { callerOf, type Principal } from './access.ts'
export { docsRoutes } from './docs-routes.ts'
export { stopping } from './http.errors.ts'
export { createHttpServer } from './http-server.ts'
export type { HttpServer, Routes } from './http-types.ts'
export { openApiDocument } from './openapi.ts'

export { type Health, serviceRoutes } from './service-routes.ts'
