import { MAX_RECONNECT_MS, RECONNECT_BASE_MS, RECONNECT_JITTER } from './protocol-constants.js'

/** The four states of a client (A10). */
export type HummingbotConnectionStatus = 'disconnected' | 'connecting' | 'connected' | 'error'

/**
 * Milliseconds before an attempt to reconnect: 0, 5,000, 10,000, 20,000, 40,000, then 60,000 each (R3.5).
 *
 * @param failures - Failures in a row; 1 for the loss of a connection that stood.
 * @param variation - Between -1 and 1: where in the range of jitter, 20 % either way.
 */
export function getReconnectDelayMs(failures: number, variation: number): number {
  if (failures <= 1) return 0
  const plainMs = Math.min(MAX_RECONNECT_MS, RECONNECT_BASE_MS * 2 ** (failures - 2))
  return plainMs * (1 + RECONNECT_JITTER * variation)
}
