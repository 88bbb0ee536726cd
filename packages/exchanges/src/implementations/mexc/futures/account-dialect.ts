import { AuthenticationException, type Instrument } from '@cex-arbitrage/common'
import type { FrameWindow, WebSocketSession } from '@cex-arbitrage/networking'
import { parseJson } from '../../../decoding/lossless-json.js'
import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { asPart } from '../../../factory/exchange-parts.js'
import type { AccountListener } from '../../../interfaces/account-feed.js'
import type { ExchangeRestClient } from '../../../interfaces/rest-client.js'
import type { MexcAccountDialect } from '../account-dialect.js'
import { mexcExchangeId } from '../constants.js'
import type { MexcSymbols } from '../symbols.js'
import { answerTimeoutMs, mexcFuturesChannels } from './constants.js'
import { mapFuturesAsset, mapFuturesFill, mapFuturesOrder } from './order-mapper.js'
import { assertOneWay, mapPosition } from './position-mapper.js'
import { MexcFuturesRestClient } from './rest-client.js'
import {
  mexcFuturesAssetSchema,
  mexcFuturesFillSchema,
  mexcFuturesFrameSchema,
  mexcFuturesOrderSchema,
  mexcFuturesPositionSchema,
} from './schemas.js'
import { createMexcFuturesStreamOptions, futuresWebSocketUrlOf, readMexcFuturesFrame } from './ws-protocol.js'

/** The private streams of contracts: a login brings all of them. */
export function createFuturesAccountDialect(context: ExchangeContext, shared: ExchangeRestClient): MexcAccountDialect {
  const rest = asPart(shared, MexcFuturesRestClient)
  const url = futuresWebSocketUrlOf(context, rest.options)
  return {
    name: 'mexc futures private',
    streamOptions: createMexcFuturesStreamOptions(context),
    url: () => url,
    subscribe: async (session) => {
      assertOneWay(await rest.getPositionMode())
      await logIn(session, rest)
    },
    read: (frame, symbols, listener) => readPush(frame, symbols, listener),
    close: () => Promise.resolve(),
  }
}

async function logIn(session: WebSocketSession, rest: MexcFuturesRestClient): Promise<void> {
  const signer = await rest.prepareSigning('the account feed')
  let refusal: string | undefined
  const answered = session.waitForFrame((frame) => {
    const answer = readMexcFuturesFrame(frame.toString())
    if (answer?.channel === mexcFuturesChannels.error) refusal = String(answer.data)
    else if (answer?.channel !== mexcFuturesChannels.login) return false
    else if (answer.data !== 'success') refusal = JSON.stringify(answer.data)
    return true
  }, answerTimeoutMs)
  session.send(JSON.stringify({ method: 'login', param: signer.signLogin() }))
  await answered
  if (refusal !== undefined)
    throw new AuthenticationException({
      exchange: mexcExchangeId,
      message: `MEXC refused the login of the futures streams: ${refusal}. Check key and secret.`,
    })
}

/** @throws Error when the frame is a push of the account that cannot be read. */
function readPush(frame: FrameWindow, symbols: MexcSymbols, listener: AccountListener): void {
  const { channel, data, ts } = mexcFuturesFrameSchema.parse(parseJson(frame.toString()))
  const find = (symbol: string): Instrument | undefined => symbols.get(symbol)
  const sentAtMs = ts ?? 0
  switch (channel) {
    case mexcFuturesChannels.order: {
      const order = mexcFuturesOrderSchema.parse(data)
      const instrument = find(order.symbol)
      if (instrument !== undefined) listener.onOrder(mapFuturesOrder(order, instrument))
      return
    }
    case mexcFuturesChannels.fill: {
      const fill = mexcFuturesFillSchema.parse(data)
      const instrument = find(fill.symbol)
      if (instrument !== undefined) listener.onFill(mapFuturesFill(fill, instrument))
      return
    }
    case mexcFuturesChannels.position: {
      const position = mexcFuturesPositionSchema.parse(data)
      const instrument = find(position.symbol)
      if (instrument !== undefined) listener.onPosition?.(mapPosition(position, instrument, undefined), sentAtMs)
      return
    }
    case mexcFuturesChannels.asset:
      listener.onBalance(mapFuturesAsset(mexcFuturesAssetSchema.parse(data)), sentAtMs)
  }
}
