import { describe, expect, it } from 'vitest'

import * as simulator from './index.js'

describe('the public API', () => {
  it('is exactly this', () => {
    expect(Object.keys(simulator).toSorted()).toMatchInlineSnapshot(`
      [
        "Account",
        "AccountBook",
        "Candles",
        "CaptureMarket",
        "ExchangeCore",
        "FaultEngine",
        "LatencyModel",
        "MatchingEngine",
        "PerpetualMarket",
        "RateLimiter",
        "ReferenceMarket",
        "RestRouter",
        "StreamSession",
        "SyntheticMarket",
        "TradingSymbol",
        "VenueHost",
        "VenueOrder",
        "createGateioVenue",
        "createHummingbotVenue",
        "createMexcVenue",
        "createVenue",
        "defaultDislocations",
        "defaultMexcRateLimits",
        "defaultMexcStreamLimits",
        "defaultSymbols",
        "encodeResponse",
        "faultKinds",
        "feeAccountId",
        "houseAccountId",
        "isVenueName",
        "mexcSymbols",
        "outsideAccountId",
        "parseFaultRule",
        "parseQuoteCapture",
        "perpetualOf",
        "readQuoteCapture",
        "strangeAnswers",
        "venueNames",
      ]
    `)
  })
})
