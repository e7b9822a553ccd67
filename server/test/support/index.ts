/** What tests build on. */
export { createTestDatabase, type TestDatabase } from './database.ts'
