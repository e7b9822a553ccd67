import { fileURLToPath } from 'node:url'
import { buildCatalogue } from './build-catalogue.ts'
import type { Catalogue } from './catalogue.ts'
import { readCatalogueCsv } from './read-catalogue-csv.ts'

/** The folder of songs that comes with the sandbox. */
function shippedCatalogueFolder(): string {
  return fileURLToPath(new URL('../../catalogue', import.meta.url))
}

/** @throws CatalogueError listing every fault of the folder's files. */
export function loadCatalogue(folder: string = shippedCatalogueFolder()): Catalogue {
  return buildCatalogue(readCatalogueCsv(folder))
}
