/** What tests build on. */
export { createTestApp, type TestApp, type TestAppOptions, type TestUser } from './app.ts'
export { createTestDatabase, type TestDatabase } from './database.ts'
export {
  consentingUser,
  type EventOutcome,
  outcomesOf,
  playedEvent,
  type SampleEvent,
  sendEvents,
} from './events.ts'
export { seedListening } from './listening.ts'
export { startTestSandbox, type TestSandbox } from './sandbox.ts'
export { sharedData } from './shared-data.ts'
export { type SmallS3, startSmallS3 } from './small-s3.ts'
