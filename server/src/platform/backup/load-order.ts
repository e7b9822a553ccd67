import { BackupError } from './backup-error.ts'

/**
 * The tables so that each comes after those it refers to: foreign keys are checked as rows arrive,
 * and to put the checks off would take a superuser. Kahn's algorithm, by name among equals.
 * @throws BackupError for tables that refer to each other in a circle.
 */
export function loadOrder(
  tables: readonly string[],
  references: readonly { from: string; to: string }[],
): string[] {
  const left = new Set(tables.toSorted())
  const order: string[] = []
  while (left.size > 0) {
    const free = [...left].filter(
      (table) => !references.some(({ from, to }) => from === table && to !== from && left.has(to)),
    )
    if (free.length === 0) {
      throw new BackupError(`tables refer to each other in a circle: ${[...left].join(', ')}`)
    }
    for (const table of free) left.delete(table)
    order.push(...free)
  }
  return order
}
