import { expect, it } from 'vitest'
import { exitCode, msPerHour, msPerMinute, msPerSecond, secondsPerMinute } from './system-constants.js'

it('keeps units and exit codes in step', () => {
  expect(msPerSecond * secondsPerMinute).toBe(msPerMinute)
  expect(msPerMinute * 60).toBe(msPerHour)
  expect(new Set(Object.values(exitCode)).size).toBe(Object.keys(exitCode).length)
})
