import { open, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { RecordingException } from '@cex-arbitrage/common'
import { blockHeaderBytes, decodeBlockHeader, fileMagic, type BlockHeader } from './block-header.js'
import { decodeEvents } from './event-codec.js'
import type { RecordedEvent } from './recorded-event.js'

const expand = promisify(gunzip)

interface Block extends BlockHeader {
  /** Of the packed events in the file. */
  readonly offset: number
}

/** Reads a recording block by block; only headers are read to find a time. */
export class RecordingReader {
  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
    private readonly blocks: readonly Block[],
    /** The file ends within a block: its writer was killed. What stands before is whole. */
    readonly isTorn: boolean,
  ) {}

  /** @throws {@link RecordingException} The file is not there, is no recording, or is damaged between two blocks. */
  static async open(path: string): Promise<RecordingReader> {
    let file: FileHandle
    try {
      file = await open(path)
    } catch (cause) {
      throw new RecordingException({ message: `${path} cannot be read: ${(cause as Error).message}.`, cause })
    }
    try {
      return await RecordingReader.scan(file, path)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  private static async scan(file: FileHandle, path: string): Promise<RecordingReader> {
    const { size } = await file.stat()
    const read = async (offset: number, length: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    }
    if (!(await read(0, fileMagic.length)).equals(fileMagic))
      throw new RecordingException({ message: `${path} is no recording of this version.` })
    const blocks: Block[] = []
    let at = fileMagic.length
    while (at + blockHeaderBytes <= size) {
      const header = decodeBlockHeader(await read(at, blockHeaderBytes))
      if (header === undefined) throw new RecordingException({ message: `${path} is damaged at byte ${at}.` })
      const offset = at + blockHeaderBytes
      at = offset + header.storedBytes
      if (at <= size) blocks.push({ ...header, offset })
    }
    return new RecordingReader(file, path, blocks, at !== size)
  }

  /** Number of events. */
  get events(): number {
    return this.blocks.reduce((sum, { events }) => sum + events, 0)
  }

  /** Microseconds from the start to the last event. */
  get durationUs(): number {
    return this.blocks.at(-1)?.lastUs ?? 0
  }

  /**
   * The events in order.
   *
   * @param fromUs - Begins with the first at or after this time; blocks before it are not unpacked.
   * @throws {@link RecordingException} A block is damaged.
   */
  async *read(fromUs = 0): AsyncGenerator<RecordedEvent, void, undefined> {
    for await (const events of this.readBlocks(fromUs)) yield* events
  }

  /** As `read`, a block at a time, so that nothing is awaited between the events of one. */
  async *readBlocks(fromUs = 0): AsyncGenerator<Iterable<RecordedEvent>, void, undefined> {
    for (const block of this.blocks) {
      if (block.lastUs < fromUs) continue
      const events = decodeEvents(await this.unpack(block), block.firstUs)
      yield block.firstUs < fromUs ? after(events, fromUs) : events
    }
  }

  close(): Promise<void> {
    return this.file.close()
  }

  private async unpack(block: Block): Promise<Buffer> {
    const stored = Buffer.allocUnsafe(block.storedBytes)
    try {
      await this.file.read(stored, 0, block.storedBytes, block.offset)
      const raw = await expand(stored, { maxOutputLength: block.rawBytes })
      if (raw.length !== block.rawBytes) throw new Error('its length is wrong')
      return raw
    } catch (cause) {
      const why = (cause as Error).message
      throw new RecordingException({ message: `${this.path} is damaged at byte ${block.offset}: ${why}.`, cause })
    }
  }
}

function* after(events: Iterable<RecordedEvent>, fromUs: number): Generator<RecordedEvent, void, undefined> {
  for (const event of events) if (event.atUs >= fromUs) yield event
}
