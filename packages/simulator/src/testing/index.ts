export { GateioClient, type GateioAnswer, type GateioClientOptions } from './gateio-client.js'
export { StreamClient, type Frame } from './stream-client.js'
