export { withTemporaryDirectory } from './temporary-directory.js'
export { textCodec } from './text-codec.js'
