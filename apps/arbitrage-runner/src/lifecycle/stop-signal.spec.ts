import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createStopSignal } from './stop-signal.js'

class FakeProcess extends EventEmitter {
  exitCode: number | undefined
  exit(code: number): void {
    this.exitCode = code
  }
}

describe('createStopSignal', () => {
  it('fires at the first signal and ends the process at the second SIGINT', () => {
    const process = new FakeProcess()
    const signal = createStopSignal(process)
    expect(signal.aborted).toBe(false)
    process.emit('SIGTERM')
    expect(signal.aborted).toBe(true)
    expect(process.exitCode).toBeUndefined()
    process.emit('SIGINT')
    expect(process.exitCode).toBe(130)
  })
})
