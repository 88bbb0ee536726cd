import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RingBuffer } from './ring-buffer.js'

const commands = fc.array(
  fc.oneof(
    fc.nat().map((value) => ({ push: value })),
    fc.constant('shift'),
    fc.constant('clear'),
  ),
  {
    maxLength: 100,
  },
)

describe('RingBuffer against a list', () => {
  it('keeps the newest, gives the oldest first, and counts what was overwritten', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), commands, (capacity, steps) => {
        const ring = new RingBuffer<number>(capacity)
        let model: number[] = []
        let dropped = 0
        for (const step of steps) {
          if (step === 'shift') expect(ring.shift()).toBe(model.shift())
          else if (step === 'clear') {
            ring.clear()
            model = []
          } else if (typeof step === 'object') {
            ring.push(step.push)
            model.push(step.push)
            if (model.length > capacity) {
              model.shift()
              dropped++
            }
          }
          expect([ring.size, ring.dropped, ring.toArray()]).toEqual([model.length, dropped, model])
        }
      }),
    )
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses a capacity of %s', (capacity) => {
    expect(() => new RingBuffer(capacity)).toThrow(RangeError)
  })
})
