/** The system cannot run; the message tells the operator why and what to do. */
export class LocalRunError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LocalRunError'
  }
}

/** The operator asked to stop before the system was up. */
export class StoppedEarlyError extends Error {
  constructor() {
    super('stopped')
    this.name = 'StoppedEarlyError'
  }
}
