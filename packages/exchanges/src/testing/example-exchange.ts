import { createExchangeId } from '@cex-arbitrage/common'
import type { ComponentRegistry, ExchangeParts } from '../factory/component-registry.js'
import type { ExchangeContext } from '../factory/exchange-context.js'
import type { CaptureReplay } from '../interfaces/capture-replay.js'
import type { PrivateExchange } from '../interfaces/private-exchange.js'
import type { PublicExchange } from '../interfaces/public-exchange.js'
import type { ExchangeRestClient } from '../interfaces/rest-client.js'
import type { ExchangeWebSocketClient } from '../interfaces/websocket-client.js'

/** An exchange without a venue, for specs of registry and factories. */
export const exampleId = createExchangeId('example')

/** What the parts of the example have done, in order. */
export const exampleEvents: string[] = []

export class ExampleRestClient implements ExchangeRestClient {
  readonly exchange = exampleId

  constructor(readonly context: ExchangeContext) {
    exampleEvents.push('rest made')
  }

  close(): Promise<void> {
    exampleEvents.push('rest closed')
    return Promise.resolve()
  }
}

export class ExampleWebSocketClient implements ExchangeWebSocketClient {
  readonly exchange = exampleId
  readonly connected = false

  constructor(
    readonly context: ExchangeContext,
    readonly rest: ExchangeRestClient,
  ) {}

  close(): Promise<void> {
    exampleEvents.push('socket closed')
    return Promise.resolve()
  }
}

const unsupported = (): Promise<never> => Promise.reject(new Error('The example has no venue.'))

class ExampleComposite {
  readonly exchange = exampleId
  readonly marketType = 'spot'

  constructor(
    readonly context: ExchangeContext,
    readonly parts: ExchangeParts,
  ) {}

  close(): Promise<void> {
    exampleEvents.push('composite closed')
    return this.context.options?.['fails'] === true ? Promise.reject(new Error('cannot close')) : Promise.resolve()
  }
}

export class ExamplePublicExchange extends ExampleComposite {}

for (const name of [
  'fetchServerTime',
  'fetchInstruments',
  'fetchOrderBook',
  'fetchTrades',
  'fetchTicker',
  'fetchCandles',
])
  Object.defineProperty(ExamplePublicExchange.prototype, name, { value: unsupported })

export class ExamplePrivateExchange extends ExampleComposite {}

for (const name of ['fetchBalances', 'fetchFees', 'fetchKeyRights'])
  Object.defineProperty(ExamplePrivateExchange.prototype, name, { value: unsupported })

export class ExampleCaptureReplay implements CaptureReplay {
  accept(): void {
    exampleEvents.push('record')
  }

  books(): [] {
    return []
  }
}

type PublicClass = new (context: ExchangeContext, parts: ExchangeParts) => PublicExchange
type PrivateClass = new (context: ExchangeContext, parts: ExchangeParts) => PrivateExchange

/** Registers the example's parts; the REST client serves both scopes. */
export function registerExample(registry: ComponentRegistry): void {
  const spot = { exchange: exampleId, marketType: 'spot' } as const
  for (const scope of ['public', 'private'] as const) {
    registry.registerRestClient({ ...spot, scope }, ExampleRestClient)
    registry.registerWebSocketClient({ ...spot, scope }, ExampleWebSocketClient)
  }
  registry.registerComposite({ ...spot, scope: 'public' }, ExamplePublicExchange as unknown as PublicClass)
  registry.registerComposite({ ...spot, scope: 'private' }, ExamplePrivateExchange as unknown as PrivateClass)
  registry.registerCaptureReplay(spot, ExampleCaptureReplay)
}
