/** Where the command line writes: results to one stream, everything for people's eyes during work to the other. */
export interface Output {
  /** Whether results go to a terminal, so that colours and redrawing make sense. */
  readonly isTerminal: boolean
  readonly columns: number
  /** One line of result. */
  line(text: string): void
  /** One line of complaint or progress. */
  note(text: string): void
  /** Text as it is, control sequences included; for redrawing on a terminal. */
  raw(text: string): void
}

/** The process's own streams; the one place of the app that writes to them. */
export const processOutput: Output = {
  get isTerminal() {
    return process.stdout.isTTY
  },
  get columns() {
    return process.stdout.columns || 100
  },
  line: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  raw: (text) => void process.stdout.write(text),
}
