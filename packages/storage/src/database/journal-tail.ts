import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { JournalException } from '@cex-arbitrage/common'
import { frameHeaderBytes, maxPayloadBytes, readFrames } from '../journal/frame.js'
import { decodeSegmentHeader, segmentHeaderBytes, segmentIndex, segmentName } from '../journal/segment.js'

/** Bytes read at a time; where they hold no whole record, as many as the largest one has. */
const chunkSizes = [1_048_576, frameHeaderBytes + maxPayloadBytes] as const

/**
 * Reads a journal's records one after the other, from the first on, while another thread or process writes it. Takes no
 * lock and changes nothing. A segment ends where the head of the next one says; the newest ends, for now, where no whole
 * record stands.
 */
export class JournalTail {
  private index = 1
  private offset = segmentHeaderBytes
  private sequence: number | undefined

  constructor(private readonly directory: string) {}

  /**
   * The payloads written since the last call, some at a time; none when there is nothing new.
   *
   * @throws {@link JournalException} What was read is no longer what counts, or it is damaged.
   */
  async read(): Promise<readonly Uint8Array[]> {
    for (;;) {
      const sealedBytes = await this.sealedBytes()
      const payloads = await this.readFrames(sealedBytes)
      if (payloads.length > 0) return payloads
      if (sealedBytes === undefined) return []
      if (this.offset !== sealedBytes) throw this.diverged()
      this.index++
      this.offset = segmentHeaderBytes
      this.sequence = undefined
    }
  }

  /** Bytes of the present segment that count, once the next one has begun. */
  private async sealedBytes(): Promise<number | undefined> {
    const names = await readdir(this.directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    if (!names.some((name) => (segmentIndex(name) ?? 0) > this.index)) return undefined
    const head = await readBytes(join(this.directory, segmentName(this.index + 1)), 0, segmentHeaderBytes)
    return decodeSegmentHeader(head)?.sealedBytes
  }

  /** What half a record leaves is read again: its writer may have died, and another one has written there since. */
  private async readFrames(sealedBytes: number | undefined): Promise<readonly Uint8Array[]> {
    const left = sealedBytes === undefined ? Number.POSITIVE_INFINITY : sealedBytes - this.offset
    if (left < 0) throw this.diverged()
    for (const size of chunkSizes) {
      const wanted = Math.min(size, left)
      const bytes = await readBytes(join(this.directory, segmentName(this.index)), this.offset, wanted)
      const { payloads, end, nextSequence } = readFrames(bytes, 0, this.sequence)
      this.offset += end
      this.sequence = nextSequence
      if (payloads.length > 0 || bytes.length < wanted || wanted === left) return payloads
    }
    return []
  }

  private diverged(): JournalException {
    return new JournalException({
      message: `${segmentName(this.index)} has no whole record at byte ${this.offset}, but is not at its end, or less of it counts than was read. Rebuild from the journal; if that fails too, restore it.`,
    })
  }
}

/** So many bytes, or as many as there are. */
async function readBytes(path: string, from: number, wanted: number): Promise<Buffer> {
  let file
  try {
    file = await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
  try {
    const bytes = Buffer.alloc(wanted)
    const { bytesRead } = await file.read(bytes, 0, wanted, from)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
