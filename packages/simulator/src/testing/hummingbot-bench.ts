import { ManualClock } from '@cex-arbitrage/common/testing'

import type { OrderInput, VenueOrder } from '../matching/venue-order.js'
import { createHummingbotVenue, type HummingbotVenueOptions } from '../venues/hummingbot/index.js'
import type { VenueHost } from '../venue/venue-host.js'
import type { VenueAddress } from '../venue/venue-options.js'
import { type Frame, StreamClient } from './stream-client.js'

export interface HummingbotBench {
  readonly venue: VenueHost
  readonly clock: ManualClock
  readonly address: VenueAddress
  /** Places a house order: price and quantity in ticks and lots of ETH/USDT (0.01 and 0.0001). */
  readonly quote: (side: 'buy' | 'sell', priceTicks: number, quantityLots: number) => VenueOrder
  /** Calls hummingbot-api with the trader's credentials unless told otherwise. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    authorization?: string,
  ) => Promise<{ readonly status: number; readonly body: Frame; readonly headers: Headers }>
  /** Opens the WebSocket protocol and authenticates. */
  readonly connect: (apiKey?: string) => Promise<HummingbotStream>
}

/** A client of the WebSocket protocol that mints its own ids. For specs. */
export class HummingbotStream {
  private count = 0

  constructor(readonly client: StreamClient) {}

  get frames(): readonly Frame[] {
    return this.client.frames
  }

  /** Sends a request and waits for its answer. */
  async ask(type: string, members: Frame = {}): Promise<Frame> {
    const id = this.send(type, members)
    return this.answer(id)
  }

  /** Sends a request; returns its id. */
  send(type: string, members: Frame = {}): string {
    const id = String(++this.count)
    this.client.send({ id, type, ...members })
    return id
  }

  answer(id: string): Promise<Frame> {
    return this.client.frame((frame) => frame['id'] === id, `the answer to ${id}`)
  }

  /** Data of the events of one type so far. */
  eventsOf(type: string): Frame[] {
    return this.frames.filter((frame) => frame['type'] === type).map((frame) => frame['data'] as Frame)
  }
}

/** A started venue with empty books and a clock that stands still. For specs; close `venue` afterwards. */
export async function startHummingbotBench(options: HummingbotVenueOptions = {}): Promise<HummingbotBench> {
  const clock = new ManualClock()
  const accounts = [
    {
      id: 'trader',
      uid: 1,
      keys: [
        { key: 'trade-key', secret: 'trade-secret', permission: 'trade' as const },
        { key: 'read-key', secret: 'read-secret', permission: 'read' as const },
      ],
      balances: { USDT: '100000', ETH: '50' },
    },
  ]
  const venue = createHummingbotVenue({ clock, market: { kind: 'manual' }, accounts, ...options })
  const address = await venue.start()
  const quote = (side: 'buy' | 'sell', priceTicks: number, quantityLots: number): VenueOrder => {
    const input: OrderInput = {
      accountId: 'house',
      symbol: 'ETH/USDT',
      side,
      kind: 'limit',
      timeInForce: 'gtc',
      priceTicks,
      quantityLots,
    }
    const result = venue.core.place(input)
    if ('refusal' in result) throw new Error(result.refusal)
    return result.order
  }
  const call: HummingbotBench['call'] = async (method, path, body, authorization = basic('trade-key:trade-secret')) => {
    const response = await fetch(address.rest + path, {
      method,
      headers: authorization === '' ? {} : { authorization },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Frame, headers: response.headers }
  }
  const connect = async (apiKey = 'trade-key'): Promise<HummingbotStream> => {
    const stream = new HummingbotStream(await StreamClient.connect(address.ws))
    await stream.ask('authenticate', { api_key: apiKey })
    return stream
  }
  return { venue, clock, address, quote, call, connect }
}

export const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`
