import { Pool, type QueryResultRow } from 'pg'

/** Looks into the system's database, past everything that is under proof. */
export interface Witness {
  rows<Row extends QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>
  /** The first column of the first row, as a number. */
  count(sql: string, values?: unknown[]): Promise<number>
  close(): Promise<void>
}

export function openWitness(databaseUrl: string): Witness {
  const pool = new Pool({ connectionString: databaseUrl, max: 2 })
  pool.on('error', () => undefined)
  async function rows<Row extends QueryResultRow>(sql: string, values?: unknown[]) {
    return (await pool.query<Row>(sql, values)).rows
  }
  return {
    rows,
    async count(sql, values) {
      const [row = {}] = await rows(sql, values)
      return Number(Object.values(row)[0])
    },
    close: () => pool.end(),
  }
}
