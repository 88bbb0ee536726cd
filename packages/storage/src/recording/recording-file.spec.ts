import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventKinds, type EventKind } from './recorded-event.js'
import { RecordingReader } from './recording-reader.js'
import { RecordingWriter } from './recording-writer.js'

interface Event {
  readonly kind: EventKind
  readonly atUs: number
  readonly channel: number
  readonly data: string
}

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recording-'))
  path = join(folder, 'frames.arbrec')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const write = async (events: readonly Event[], options: { blockBytes?: number; maxBytes?: number } = {}) => {
  const ended: string[] = []
  const writer = await RecordingWriter.create({
    path,
    maxBytes: 1e9,
    onEnd: (reason) => ended.push(reason),
    ...options,
  })
  for (const { kind, atUs, channel, data } of events) writer.add(kind, atUs, channel, Buffer.from(data))
  await writer.close()
  return { writer, ended }
}

const read = async (fromUs?: number): Promise<Event[]> => {
  const reader = await RecordingReader.open(path)
  const events: Event[] = []
  for await (const { kind, atUs, channel, data } of reader.read(fromUs))
    events.push({ kind, atUs, channel, data: data.toString() })
  await reader.close()
  return events
}

const series = (count: number): Event[] =>
  Array.from({ length: count }, (_, i) => ({
    kind: 'socket_text' as const,
    atUs: i * 1_000,
    channel: 1,
    data: `frame ${i}`,
  }))

describe('a recording file', () => {
  it('gives back every event, byte for byte, whatever the size of its blocks', async () => {
    const event = fc.record({
      kind: fc.constantFrom(...eventKinds),
      step: fc.integer({ min: 0, max: 2 ** 40 }),
      channel: fc.integer({ min: 0, max: 2 ** 31 }),
      data: fc.string({ unit: 'binary', maxLength: 300 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 60 }),
        fc.integer({ min: 1_000, max: 9_000 }),
        async (steps, blockBytes) => {
          await rm(path, { force: true })
          let atUs = 0
          const events = steps.map(({ step, ...rest }) => ({ ...rest, atUs: (atUs += step) }))
          const { writer } = await write(events, { blockBytes })
          expect(writer.events).toBe(events.length)
          expect(await read()).toEqual(events)
          expect((await readFile(path)).length).toBe(writer.bytesWritten)
        },
      ),
      { numRuns: 10 },
    )
  })

  it('finds a time without unpacking what is before it', async () => {
    await write(series(500), { blockBytes: 400 })
    const whole = await readFile(path)
    // The first block is broken: whoever unpacked it would notice.
    whole.fill(0, 50, 60)
    await writeFile(path, whole)
    expect((await read(250_500))[0]).toEqual(series(500)[251])
    await expect(read()).rejects.toThrow('is damaged at byte')
  })

  it('tells its length and number of events', async () => {
    await write(series(100), { blockBytes: 100 })
    const reader = await RecordingReader.open(path)
    expect(reader).toMatchObject({ events: 100, durationUs: 99_000, isTorn: false })
    await reader.close()
  })

  it('keeps what stands before a torn end', async () => {
    await write(series(200), { blockBytes: 500 })
    await truncate(path, (await readFile(path)).length - 7)
    const reader = await RecordingReader.open(path)
    expect(reader.isTorn).toBe(true)
    await reader.close()
    const events = await read()
    expect(events.length).toBeGreaterThan(100)
    expect(events).toEqual(series(200).slice(0, events.length))
  })

  it('says once when the disk that it may fill is full, and still takes the end', async () => {
    const { ended, writer } = await write(series(2_000), { blockBytes: 1_000, maxBytes: 2_000 })
    expect(ended).toEqual(['full'])
    expect(writer.events).toBe(2_000)
    expect(await read()).toHaveLength(2_000)
  })

  it('takes nothing after its end', async () => {
    const writer = await RecordingWriter.create({ path, maxBytes: 1e9 })
    writer.add('mark', 1, 0, Buffer.from('end'))
    writer.end()
    writer.add('mark', 2, 0, Buffer.from('later'))
    await writer.close()
    await writer.close()
    expect(await read()).toHaveLength(1)
  })

  it('does not write over a recording, and refuses what is none', async () => {
    await write([])
    expect(await read()).toEqual([])
    await expect(RecordingWriter.create({ path, maxBytes: 1 })).rejects.toThrow('cannot be written')
    await writeFile(path, 'something else')
    await expect(RecordingReader.open(path)).rejects.toThrow('is no recording of this version')
    await expect(RecordingReader.open(join(folder, 'gone'))).rejects.toThrow('cannot be read')
  })

  it('names the place where it is damaged between two blocks', async () => {
    await write(series(50), { blockBytes: 100_000 })
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.alloc(64, 7)]))
    await expect(RecordingReader.open(path)).rejects.toThrow(/is damaged at byte \d+/)
  })
})
