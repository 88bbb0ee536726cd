import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { waitFor } from '@cex-arbitrage/common/testing'

export interface ChildProgramOptions {
  /** JavaScript file to run. */
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** As the program is started everywhere; see the operations guide. */
const nodeFlags = ['--enable-source-maps', '--min-semi-space-size=16']

/** A program of ours in a process of its own, with the lines that it wrote. */
export class ChildProgram {
  readonly lines: string[] = []
  readonly errors: string[] = []
  readonly exited: Promise<void>
  /** Its output is closed: what it has started on it, and what outlives it there, has ended too. */
  readonly closed: Promise<void>
  exitCode: number | null = null
  signal: NodeJS.Signals | null = null
  private readonly child: ChildProcessByStdio<null, Readable, Readable>

  constructor({ program, args, env = {}, cwd }: ChildProgramOptions) {
    this.child = spawn(process.execPath, [...nodeFlags, program, ...args], {
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd !== undefined && { cwd }),
    })
    createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(line))
    createInterface({ input: this.child.stderr }).on('line', (line) => this.errors.push(line))
    this.closed = once(this.child, 'close').then(() => undefined)
    this.exited = once(this.child, 'exit').then(() => {
      this.exitCode = this.child.exitCode
      this.signal = this.child.signalCode
    })
  }

  get pid(): number {
    return this.child.pid!
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** The first line that matches; throws with all that was written when the process ends or the time is over. */
  async line(pattern: RegExp, timeoutMs = 15_000): Promise<RegExpExecArray> {
    const find = (): RegExpExecArray | undefined =>
      this.lines.map((text) => pattern.exec(text)).find((match) => match !== null) ?? undefined
    await waitFor(() => find() !== undefined || !this.running, `a line like ${pattern}`, timeoutMs)
    const found = find()
    if (found === undefined) throw new Error(`The process ended without a line like ${pattern}:\n${this.text()}`)
    return found
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** Everything written so far. */
  text(): string {
    return [...this.lines, ...this.errors].join('\n')
  }
}
