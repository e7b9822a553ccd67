/** What tests build on. */

export { createTestApp, type TestApp, type TestAppOptions, type TestUser } from './app.ts'
export { createTestDatabase, type TestDatabase } from './database.ts'
