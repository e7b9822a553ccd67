import type { CatalogueTables } from './catalogue/catalogue.tables.ts'
import type { HistoryTables } from './history/history.tables.ts'
import type { SnapshotTables } from './library/snapshot.tables.ts'
import type { LinkTables } from './links/link.tables.ts'

/** Every table of the domain; each store is given its own part of them. */
export type MusicTables = CatalogueTables & LinkTables & SnapshotTables & HistoryTables
