import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { HttpAnswer } from './http-attempt.js'

const decoders = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const

/**
 * The text of a body, decompressed where it says so.
 *
 * @throws Error when it is not what its header says, or grows beyond `maxBytes`.
 */
export async function decodeBody({ headers, body }: HttpAnswer, maxBytes: number): Promise<string> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '' || body.length === 0) return body.toString('utf8')
  if (!(encoding in decoders)) throw new Error(`a body in the unknown encoding '${encoding.slice(0, 20)}'`)
  const decode = decoders[encoding as keyof typeof decoders]
  return (await decode(body, { maxOutputLength: maxBytes })).toString('utf8')
}
