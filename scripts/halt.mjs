/** The command cannot go on; the lines say what is wrong and what to do about it. */
export class Halt extends Error {
  constructor(...lines) {
    super(lines.join('\n'))
    this.name = 'Halt'
  }
}
