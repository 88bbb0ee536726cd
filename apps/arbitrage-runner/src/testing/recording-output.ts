import type { Output } from '../cli/output.js'

/** Keeps what was written, for specs. */
export class RecordingOutput implements Output {
  readonly lines: string[] = []
  readonly notes: string[] = []
  rawText = ''

  constructor(
    readonly isTerminal = false,
    readonly columns = 200,
  ) {}

  line(text: string): void {
    this.lines.push(text)
  }

  note(text: string): void {
    this.notes.push(text)
  }

  raw(text: string): void {
    this.rawText += text
  }
}
