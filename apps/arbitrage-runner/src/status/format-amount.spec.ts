import { expect, it } from 'vitest'
import { signed } from './format-amount.js'

it.each([
  ['0.69690639274', '+0.69690639'],
  ['-12.50', '-12.5'],
  ['100', '+100'],
  ['-0.000000001', '0'],
  ['0', '0'],
])('shows %s as %s', (amount, shown) => {
  expect(signed(amount)).toBe(shown)
})
