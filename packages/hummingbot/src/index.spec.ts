import { describe, expect, it } from 'vitest'
import * as hummingbot from './index.js'

describe('the public names of hummingbot', () => {
  it('are these', () => {
    expect(Object.keys(hummingbot).toSorted()).toEqual(['DEFAULT_PORT'])
  })
})
