import { expect, it } from 'vitest'
import { silentLogger } from './logger.js'

it('swallows everything where no logger is passed', () => {
  for (const level of ['debug', 'info', 'warn', 'error'] as const) expect(silentLogger[level]({}, 'm')).toBeUndefined()
  expect(silentLogger.child({ component: 'x' })).toBe(silentLogger)
})
