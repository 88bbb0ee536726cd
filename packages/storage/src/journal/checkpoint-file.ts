import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { writeWholeFile } from './durable-file.js'
import { encodeFrame, readFrames } from './frame.js'
import type { JournalCodec } from './journal-codec.js'
import { segmentHeaderBytes, segmentName } from './segment.js'

/**
 * A checkpoint file: records that stand for all segments before one.
 *
 *     | magic 8 | segment u32 | records u32 | CRC-32 of that segment's head u32 | CRC-32 u32 | frames … |
 */
const magic = Buffer.from('CEXCKPT1')
const headerBytes = 24
const checksumAt = headerBytes - 4
const namePattern = /^checkpoint-(\d{8})\.log$/
/** The newest, and one in reserve. */
const kept = 2

const checkpointName = (segment: number): string => `checkpoint-${String(segment).padStart(8, '0')}.log`

/** What a start begins with in place of the segments before. */
export interface Checkpoint<R> {
  /** Index of the first segment behind it. */
  readonly segment: number
  readonly records: readonly R[]
}

/** @param segmentHead - Bytes of the head of that segment: a checkpoint counts for no other history. */
export async function writeCheckpoint(
  directory: string,
  segment: number,
  segmentHead: Uint8Array,
  payloads: readonly Uint8Array[],
): Promise<void> {
  const header = Buffer.alloc(headerBytes)
  magic.copy(header)
  header.writeUInt32LE(segment, 8)
  header.writeUInt32LE(payloads.length, 12)
  header.writeUInt32LE(crc32(segmentHead), 16)
  header.writeUInt32LE(crc32(header.subarray(0, checksumAt)), checksumAt)
  const content = Buffer.concat([header, ...payloads.map((payload, index) => encodeFrame(payload, index))])
  await writeWholeFile(join(directory, checkpointName(segment)), content)
  for (const old of (await listCheckpoints(directory)).slice(kept))
    await rm(join(directory, checkpointName(old)), { force: true })
}

/** The newest checkpoint that is whole and belongs to the segments that are there; `undefined` where none is. */
export async function readCheckpoint<R>(directory: string, codec: JournalCodec<R>): Promise<Checkpoint<R> | undefined> {
  for (const segment of await listCheckpoints(directory)) {
    const records = await readRecords(directory, segment, codec).catch(() => undefined)
    if (records !== undefined) return { segment, records }
  }
  return undefined
}

/** `undefined`, or throws, where it does not verify. */
async function readRecords<R>(
  directory: string,
  segment: number,
  codec: JournalCodec<R>,
): Promise<readonly R[] | undefined> {
  const bytes = await readFile(join(directory, checkpointName(segment)))
  if (bytes.length < headerBytes || !bytes.subarray(0, magic.length).equals(magic)) return undefined
  if (bytes.readUInt32LE(checksumAt) !== crc32(bytes.subarray(0, checksumAt))) return undefined
  const head = (await readFile(join(directory, segmentName(segment)))).subarray(0, segmentHeaderBytes)
  if (bytes.readUInt32LE(8) !== segment || bytes.readUInt32LE(16) !== crc32(head)) return undefined
  const { payloads, end } = readFrames(bytes, headerBytes, 0)
  if (end !== bytes.length || payloads.length !== bytes.readUInt32LE(12)) return undefined
  return payloads.map((payload) => codec.decode(payload))
}

/** Segments that checkpoints stand before, newest first. */
async function listCheckpoints(directory: string): Promise<readonly number[]> {
  const names = await readdir(directory)
  return names.flatMap((name) => Number(namePattern.exec(name)?.[1] ?? [])).sort((a, b) => b - a)
}
