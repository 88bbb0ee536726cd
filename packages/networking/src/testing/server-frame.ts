/** A frame as a server sends it: not masked. Whatever is asked for is written, valid or not. */
export function serverFrame(opcode: number, payload: Buffer | string = '', isFinal = true): Buffer {
  const data = Buffer.from(payload)
  const lengthBytes = data.length < 126 ? 0 : data.length < 65_536 ? 2 : 8
  const head = Buffer.alloc(2 + lengthBytes)
  head[0] = (isFinal ? 0x80 : 0) | opcode
  head[1] = lengthBytes === 0 ? data.length : lengthBytes === 2 ? 126 : 127
  if (lengthBytes === 2) head.writeUInt16BE(data.length, 2)
  if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(data.length), 2)
  return Buffer.concat([head, data])
}
