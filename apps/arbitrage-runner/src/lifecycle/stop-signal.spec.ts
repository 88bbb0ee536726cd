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

  it('fires when the terminal goes, and when nobody reads the output any more', () => {
    const hungUp = new FakeProcess()
    const signal = createStopSignal(hungUp)
    hungUp.emit('SIGHUP')
    expect(signal.aborted).toBe(true)
    const output = new EventEmitter()
    const unread = createStopSignal(new FakeProcess(), [output])
    output.emit('error', Object.assign(new Error('no space'), { code: 'ENOSPC' }))
    expect(unread.aborted).toBe(false)
    output.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    expect(unread.aborted).toBe(true)
  })
})
