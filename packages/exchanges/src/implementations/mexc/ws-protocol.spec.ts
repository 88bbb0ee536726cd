import { describe, expect, it } from 'vitest'
import { readFixture } from '../../testing/read-fixture.js'
import { maxClientFrameBytes } from './constants.js'
import {
  createMexcBookTopic,
  createMexcSubscription,
  createMexcTradeTopic,
  mexcPing,
  parseMexcReply,
  readMexcSubscription,
  splitMexcTopics,
} from './ws-protocol.js'

interface Vectors {
  readonly wsControl: readonly {
    readonly send: string
    readonly reply: string
    readonly accepted?: readonly string[]
    readonly refused?: readonly string[]
  }[]
}

const { wsControl } = readFixture<Vectors>(import.meta.url, './fixtures/vectors.json')
const subscriptions = wsControl.filter(({ accepted }) => accepted !== undefined)

describe('MEXC control frames', () => {
  it.each(subscriptions)('reads the answer $reply', ({ send, reply, accepted, refused }) => {
    const { params } = JSON.parse(send) as { readonly params: readonly string[] }
    expect(readMexcSubscription(parseMexcReply(reply)!.text, params)).toEqual({ accepted, refused })
  })

  it('builds the frames of the vectors', () => {
    const { method, params, id } = JSON.parse(wsControl[0]!.send) as {
      readonly method: 'SUBSCRIPTION'
      readonly params: readonly string[]
      readonly id: number
    }
    expect(createMexcSubscription(method, params, id)).toBe(wsControl[0]!.send)
    expect(mexcPing).toBe(wsControl.at(-1)!.send)
    expect(parseMexcReply(wsControl.at(-1)!.reply)).toEqual({ id: 0, text: 'PONG', isPong: true })
    expect(createMexcBookTopic('BTCUSDT', 100)).toBe(params[0])
    expect(createMexcTradeTopic('BTCUSDT', 10)).toBe('spot@public.aggre.deals.v3.api.pb@10ms@BTCUSDT')
  })

  it('reads refusals with other punctuation and takes what is not named for refused', () => {
    const text = 'Subscribed successful! [a(1),b]. Not Subscribed successfully! [c].  Reason: Blocked!'
    expect(readMexcSubscription(text, ['a(1)', 'b', 'c', 'd'])).toEqual({
      accepted: ['a(1)', 'b'],
      refused: ['c', 'd'],
    })
    expect(readMexcSubscription('', ['a'])).toEqual({ accepted: [], refused: ['a'] })
  })

  it.each(['Invalid listen key', '[1,2]', '{"id":"x"}'])('answers undefined for %s', (text) => {
    expect(parseMexcReply(Buffer.from(text))).toBeUndefined()
  })

  it('splits topics so that no frame is longer than the exchange takes', () => {
    const topics = Array.from({ length: 30 }, (_, i) => createMexcBookTopic(`龙虾${i}USDT`, 100))
    const groups = splitMexcTopics(topics)
    expect(groups.flat()).toEqual(topics)
    expect(groups.length).toBeGreaterThan(1)
    for (const group of groups) {
      const frame = createMexcSubscription('UNSUBSCRIPTION', group, Number.MAX_SAFE_INTEGER)
      expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(maxClientFrameBytes)
    }
    expect(splitMexcTopics([])).toEqual([])
  })
})
