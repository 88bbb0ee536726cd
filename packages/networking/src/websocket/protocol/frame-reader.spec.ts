import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serverFrame as frame } from '../../testing/server-frame.js'
import { FrameReader, type FrameSink } from './frame-reader.js'
import { ProtocolViolation } from './protocol-violation.js'

const maxPayloadBytes = 70_000
const [continuation, text, binary, close, ping, pong] = [0, 1, 2, 8, 9, 10]

/** Writes down what a reader finds. */
class Log implements FrameSink {
  readonly found: string[] = []

  onMessage({ bytes, start, end, isBinary }: Parameters<FrameSink['onMessage']>[0]): void {
    this.found.push(`${isBinary ? 'binary' : 'text'} ${bytes.toString('hex', start, end)}`)
  }
  onPing(payload: Buffer): void {
    this.found.push(`ping ${payload.toString('hex')}`)
  }
  onPong(payload: Buffer): void {
    this.found.push(`pong ${payload.toString('hex')}`)
  }
  onClose(payload: Buffer): void {
    this.found.push(`close ${payload.toString('hex')}`)
  }
}

/** Reads bytes in pieces that end at `cuts`, each in a buffer that is spoilt behind it. */
function readInPieces(bytes: Buffer, cuts: readonly number[], log = new Log()): readonly string[] {
  const reader = new FrameReader(log, maxPayloadBytes)
  const shared = Buffer.alloc(bytes.length + 2)
  let from = 0
  for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    shared.fill(0xff)
    const count = bytes.copy(shared, 1, from, cut)
    reader.read(shared, 1, 1 + count)
    from = cut
  }
  return log.found
}

const payloadOf = (maxLength: number) => fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes))
const sized = fc.oneof(
  { weight: 6, arbitrary: payloadOf(40) },
  { weight: 1, arbitrary: fc.constantFrom(125, 126, 127, 65_535, 65_536).map((size) => Buffer.alloc(size, size)) },
)
const control = fc.record({ opcode: fc.constantFrom(ping, pong), payload: payloadOf(125) })
const message = fc.record({
  isBinary: fc.boolean(),
  pieces: fc.array(sized, { minLength: 1, maxLength: 4 }),
  between: fc.array(control, { maxLength: 3 }),
})

/** A valid stream with what is to be found in it. */
const stream = fc.array(message, { maxLength: 5 }).map((messages) => {
  const frames: Buffer[] = []
  const expected: string[] = []
  for (const { isBinary, pieces, between } of messages) {
    const whole = Buffer.concat(pieces)
    if (whole.length > maxPayloadBytes) continue
    for (const [i, piece] of pieces.entries()) {
      frames.push(frame(i > 0 ? continuation : isBinary ? binary : text, piece, i === pieces.length - 1))
      const inserted = between[i]
      if (inserted === undefined || i === pieces.length - 1) continue
      frames.push(frame(inserted.opcode, inserted.payload))
      expected.push(`${inserted.opcode === ping ? 'ping' : 'pong'} ${inserted.payload.toString('hex')}`)
    }
    expected.push(`${isBinary ? 'binary' : 'text'} ${whole.toString('hex')}`)
  }
  return { bytes: Buffer.concat(frames), expected }
})

describe('FrameReader', () => {
  it('finds the same frames wherever reads have cut the stream', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 30 }), ({ bytes, expected }, cuts) => {
        const places = cuts.map((cut) => cut % (bytes.length + 1))
        expect(readInPieces(bytes, places)).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })

  it('finds the same frames cut in two at any byte, and byte by byte', () => {
    const bytes = Buffer.concat([
      frame(text, 'one'),
      frame(text, ''),
      frame(binary, Buffer.alloc(300, 7)),
      frame(text, 'par', false),
      frame(ping, 'are you there'),
      frame(continuation, 'ti', false),
      frame(continuation, 'al'),
      frame(binary, Buffer.alloc(66_000, 9)),
      frame(pong),
      frame(close, Buffer.from([0x03, 0xe8])),
    ])
    const whole = readInPieces(bytes, [])
    expect(whole.map((each) => each.slice(0, 12))).toEqual([
      'text 6f6e65',
      'text ',
      'binary 07070',
      `ping ${Buffer.from('are you there').toString('hex').slice(0, 7)}`,
      'text 7061727',
      'binary 09090',
      'pong ',
      'close 03e8',
    ])
    for (let cut = 0; cut < 420; cut++) expect(readInPieces(bytes, [cut])).toEqual(whole)
    for (let cut = bytes.length - 20; cut < bytes.length; cut++) expect(readInPieces(bytes, [cut])).toEqual(whole)
    const small = bytes.subarray(0, 400)
    expect(readInPieces(small, [...small.keys()])).toEqual(readInPieces(small, []))
  })

  it.each([
    ['a reserved bit', Buffer.from([0xc1, 0]), 1002],
    ['a reserved bit of a control frame', Buffer.from([0x99, 0]), 1002],
    ['an unknown opcode', Buffer.from([0x83, 0]), 1002],
    ['an unknown control opcode', Buffer.from([0x8b, 0]), 1002],
    ['a masked frame', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 65]), 1002],
    ['a ping in fragments', frame(ping, 'x', false), 1002],
    ['a ping of 126 bytes', Buffer.from([0x89, 126, 0, 126]), 1002],
    ['a close of 126 bytes', Buffer.from([0x88, 126, 0, 126]), 1002],
    ['a fragment of nothing', frame(continuation, 'x'), 1002],
    ['a fragment of nothing that goes on', frame(continuation, 'x', false), 1002],
    ['a message within a message', Buffer.concat([frame(text, 'x', false), frame(text, 'y')]), 1002],
    ['a fragment after the last', Buffer.concat([frame(text, 'x', false), frame(0, 'y'), frame(0, 'z')]), 1002],
    ['two bytes for a length of one', Buffer.from([0x81, 126, 0, 125]), 1002],
    ['eight bytes for a length of two', Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff]), 1002],
    ['a negative length', Buffer.from([0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]), 1002],
    ['a message that is too long', Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x71]), 1009],
    ['a length beyond 2^53', Buffer.from([0x82, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255]), 1009],
    [
      'fragments that are too long together',
      Buffer.concat([frame(text, Buffer.alloc(60_000), false), Buffer.from([0, 126, 0x9c, 0x40])]),
      1009,
    ],
  ])('refuses %s as soon as its header is there, however it comes', (_, bytes, code) => {
    const cuts = [[], [...bytes.keys()].slice(0, 20), [bytes.length - 1]]
    for (const places of cuts) {
      const failure = catchViolation(() => readInPieces(bytes, places))
      expect(failure).toBeInstanceOf(ProtocolViolation)
      expect(failure?.code).toBe(code)
    }
  })

  it('takes a message of the greatest length, whole and in fragments, with a ping in between', () => {
    const most = Buffer.alloc(maxPayloadBytes, 5)
    expect(readInPieces(frame(binary, most), [9])).toEqual([`binary ${most.toString('hex')}`])
    const inFragments = [frame(binary, most, false), frame(ping, 'p'), frame(continuation)]
    expect(readInPieces(Buffer.concat(inFragments), []).map((each) => each.length)).toEqual([7, 7 + 2 * most.length])
  })

  it('finds nothing behind a close frame, nor once it is stopped', () => {
    expect(readInPieces(Buffer.concat([frame(close), frame(text, 'late')]), [])).toEqual(['close '])
    const log = new Log()
    const reader = new FrameReader(log, maxPayloadBytes)
    log.onMessage = () => {
      log.found.push('first')
      reader.stop()
    }
    const bytes = Buffer.concat([frame(text, 'a'), frame(text, 'b')])
    reader.read(bytes, 0, bytes.length)
    reader.read(bytes, 0, bytes.length)
    expect(log.found).toEqual(['first'])
  })

  it('ends on garbage with a violation or goes on, and takes no more memory than has come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.array(fc.nat(400)), (garbage, cuts) => {
        const bytes = Buffer.from(garbage)
        const places = cuts.map((cut) => cut % (bytes.length + 1))
        const log = new Log()
        const alone = new Log()
        const failure = catchViolation(() => readInPieces(bytes, places, log))
        expect(catchViolation(() => readInPieces(bytes, [], alone))?.code).toBe(failure?.code)
        expect(log.found).toEqual(alone.found)
      }),
      { numRuns: 2_000 },
    )
    const before = process.memoryUsage().arrayBuffers
    const announced = Array.from({ length: 100 }, () => {
      const reader = new FrameReader(new Log(), 2 ** 30)
      reader.read(Buffer.from([0x82, 127, 0, 0, 0, 0, 0x3f, 0, 0, 0, 1]), 0, 11)
      return reader
    })
    expect(announced).toHaveLength(100)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 2 ** 20)
  })
})

function catchViolation(work: () => unknown): ProtocolViolation | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof ProtocolViolation) return error
    throw error
  }
}
