/** The server cannot be run here; the message tells an operator why and what to do. */
export class EmbeddedPostgresError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedPostgresError'
  }
}

/** Another process runs the server of this data folder. */
export class PostgresInUseError extends EmbeddedPostgresError {
  readonly pid: number

  constructor(dataDir: string, pid: number) {
    super(`The database in ${dataDir} is in use by the process with pid ${pid}.`)
    this.name = 'PostgresInUseError'
    this.pid = pid
  }
}
