import type { Output } from '../cli/output.js'

const labels: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info ', 40: 'WARN ', 50: 'ERROR' }

/** Takes the log's JSON lines and notes each as one for people: time, level, message, and the fields as `name=value`. */
export class ReadableLines {
  constructor(private readonly output: Pick<Output, 'note'>) {}

  write(line: string): void {
    const { level, time, msg, ...fields } = JSON.parse(line) as Readonly<Record<string, unknown>>
    const at = new Date(time as number).toISOString().slice('YYYY-MM-DDT'.length)
    const { stack, shown } = splitStack(fields)
    const named = Object.entries(shown).map(([name, value]) => `${name}=${describe(value)}`)
    this.output.note([at, labels[level as number] ?? String(level), msg, ...named].join(' '))
    if (stack !== undefined) this.output.note(stack)
  }
}

/** A stack takes lines of its own. */
function splitStack(fields: Readonly<Record<string, unknown>>) {
  const { error } = fields as { readonly error?: Readonly<Record<string, unknown>> }
  if (typeof error?.['stack'] !== 'string') return { stack: undefined, shown: fields }
  const { stack, ...rest } = error
  return { stack: stack as string, shown: { ...fields, error: rest } }
}

const describe = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
