import { HummingbotValidationException } from '../client/hummingbot-exception.js'

/**
 * Writes a pair as hummingbot-api wants it: `eth/usdt` and `ETH_USDT` become `ETH-USDT`. The client never does so by
 * itself.
 *
 * @throws {@link HummingbotValidationException} It has no two sides.
 */
export function toHummingbotPair(text: string): string {
  const pair = text.toUpperCase().replace(/[/_]/g, '-')
  if (!/^[^\s-]+-[^\s-]+$/.test(pair)) throw new HummingbotValidationException(`Invalid trading pair: ${text}`)
  return pair
}
