/** Eight bytes that begin a file of frames; the last is the version of the format. */
export const fileMagic = Buffer.from('ARBREC\r\u0001', 'latin1')
export const blockHeaderBytes = 32
const blockMagic = 0x424c4b31

/**
 * Before each block, so that a reader can hop from one to the next without unpacking any:
 *
 *     | magic u32 | events u32 | raw bytes u32 | stored bytes u32 | first µs f64 | last µs f64 |   little endian
 */
export interface BlockHeader {
  readonly events: number
  readonly rawBytes: number
  readonly storedBytes: number
  readonly firstUs: number
  readonly lastUs: number
}

export function encodeBlockHeader(header: BlockHeader): Buffer {
  const bytes = Buffer.allocUnsafe(blockHeaderBytes)
  bytes.writeUInt32LE(blockMagic, 0)
  bytes.writeUInt32LE(header.events, 4)
  bytes.writeUInt32LE(header.rawBytes, 8)
  bytes.writeUInt32LE(header.storedBytes, 12)
  bytes.writeDoubleLE(header.firstUs, 16)
  bytes.writeDoubleLE(header.lastUs, 24)
  return bytes
}

/** `undefined` when these bytes are no header. */
export function decodeBlockHeader(bytes: Buffer): BlockHeader | undefined {
  if (bytes.length < blockHeaderBytes || bytes.readUInt32LE(0) !== blockMagic) return undefined
  return {
    events: bytes.readUInt32LE(4),
    rawBytes: bytes.readUInt32LE(8),
    storedBytes: bytes.readUInt32LE(12),
    firstUs: bytes.readDoubleLE(16),
    lastUs: bytes.readDoubleLE(24),
  }
}
