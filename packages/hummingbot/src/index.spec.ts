import { describe, expect, it } from 'vitest'
import * as hummingbot from './index.js'

describe('the public names of hummingbot', () => {
  it('are these', () => {
    expect(Object.keys(hummingbot).toSorted()).toEqual([
      'DEFAULT_HOST',
      'DEFAULT_PORT',
      'FileOrderStore',
      'HummingbotApiClient',
      'HummingbotApiStream',
      'HummingbotBot',
      'HummingbotBotOrders',
      'HummingbotBridge',
      'HummingbotClient',
      'HummingbotErrorCategory',
      'HummingbotEventEngine',
      'HummingbotEventType',
      'HummingbotException',
      'HummingbotMqttClient',
      'HummingbotValidationException',
      'MemoryOrderStore',
      'categorizeByBaseRules',
      'categorizeError',
      'createClientUrl',
      'createHummingbotCapabilities',
      'createHummingbotEvent',
      'hummingbotChannels',
      'hummingbotExchangeId',
      'hummingbotPluginOptionsSchema',
      'isOwnTrade',
      'isRetriableCategory',
      'isSameHummingbotEvent',
      'iteratePages',
      'readDecimal',
      'registerExchange',
      'registerHummingbotVenue',
      'toDecimalText',
      'toHummingbotPair',
    ])
  })
})
