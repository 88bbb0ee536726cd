import { spawn } from 'node:child_process'

/** A program that runs beside this process and outlives it. */
export interface Companion {
  /** Exit code; `null` when a signal ended it or it could not be started. */
  readonly exited: Promise<number | null>
  /** Asks it to end. */
  stop(): void
}

/** Runs a program of ours in a session of its own, which a Ctrl-C meant for this process does not reach. */
export function startCompanion(program: string, args: readonly string[]): Companion {
  const child = spawn(process.execPath, [program, ...args], { detached: true, stdio: ['ignore', 'ignore', 'inherit'] })
  child.unref()
  const exited = new Promise<number | null>((resolve) => {
    child.on('exit', resolve)
    child.on('error', () => resolve(null))
  })
  return { exited, stop: () => void child.kill('SIGTERM') }
}

/** Whether a process of this id exists; one of another user counts. */
export function isProcessRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
