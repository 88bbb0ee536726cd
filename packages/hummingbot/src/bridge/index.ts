export {
  type BridgeLimits,
  type HummingbotBridgeOptions,
  type UpstreamOptions,
  type UpstreamPlace,
} from './bridge-options.js'
export { HummingbotBridge, type BridgeAddress } from './hummingbot-bridge.js'
export { type OrderRecord } from './order-record.js'
export { FileOrderStore, MemoryOrderStore, type OrderStore } from './order-store.js'
