import { promisify } from 'node:util'
import { brotliDecompress, brotliDecompressSync, gunzip, gunzipSync, inflate, inflateSync } from 'node:zlib'
import type { HttpAnswer } from './http-attempt.js'

const gzip = { inPlace: gunzipSync, elsewhere: promisify(gunzip) }
const decoders = {
  gzip,
  'x-gzip': gzip,
  deflate: { inPlace: inflateSync, elsewhere: promisify(inflate) },
  br: { inPlace: brotliDecompressSync, elsewhere: promisify(brotliDecompress) },
} as const

/** Compressed bytes up to which a body is sooner decoded than another thread is told to; it also takes no time of its own. */
const inPlaceBytes = 8_192

/**
 * The text of a body, decompressed where it says so.
 *
 * @throws Error when it is not what its header says, or grows beyond `maxBytes`.
 */
export async function decodeBody({ headers, body }: HttpAnswer, maxBytes: number): Promise<string> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '' || body.length === 0) return body.toString('utf8')
  if (!(encoding in decoders)) throw new Error(`a body in the unknown encoding '${encoding.slice(0, 20)}'`)
  const { inPlace, elsewhere } = decoders[encoding as keyof typeof decoders]
  const options = { maxOutputLength: maxBytes }
  const decoded = body.length <= inPlaceBytes ? inPlace(body, options) : await elsewhere(body, options)
  return decoded.toString('utf8')
}
