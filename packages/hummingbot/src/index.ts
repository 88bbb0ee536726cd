export { DEFAULT_PORT } from './client/protocol-constants.js'
