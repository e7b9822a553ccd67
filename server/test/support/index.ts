/** What tests build on. */
export { createTestDatabase, type TestDatabase } from './database.ts'
export { createTestApp, type TestApp, type TestAppOptions, type TestUser } from './app.ts'
