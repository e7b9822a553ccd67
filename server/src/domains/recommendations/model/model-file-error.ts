/** A model file that must not be used; the message says what is wrong with it. */
export class ModelFileError extends Error {
  constructor(fault: string, cause?: unknown) {
    super(`not a usable model file: ${fault}`, { cause })
    this.name = 'ModelFileError'
  }
}
