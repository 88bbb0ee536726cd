import { toCexArbitrageException, type Clock, type Logger, type Timer } from '@cex-arbitrage/common'
import { listenKeyRenewalMs, listenKeyRetryMs, maxListenKeys, mexcExchangeId } from './constants.js'
import type { MexcRestClient } from './rest-client.js'

/** The calls that a listen key's life takes. */
export type MexcListenKeyCalls = Pick<
  MexcRestClient,
  'createListenKey' | 'getListenKeys' | 'renewListenKey' | 'deleteListenKey'
>

/**
 * The key that a private connection is opened with: made when it is needed, renewed every half hour, replaced when it has
 * ended, and deleted at the end, for an account has only so many.
 */
export class MexcListenKey {
  private key: string | undefined
  private obtaining: Promise<string> | undefined
  private renewal: Timer | undefined
  private closed = false

  /** @param onEnded - The key has ended, and with it the stream: connect anew. */
  constructor(
    private readonly rest: MexcListenKeyCalls,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly onEnded: () => void,
  ) {}

  /** A key that is good now; a present one is renewed first, which shows whether it still lives. Throws as REST does. */
  obtain(): Promise<string> {
    this.obtaining ??= this.renewOrCreate().finally(() => {
      this.obtaining = undefined
    })
    return this.obtaining
  }

  /** The service says that the key is not valid. */
  onRefused(): void {
    this.forget()
    this.onEnded()
  }

  /** The next connection gets a new key. */
  forget(): void {
    this.key = undefined
    this.renewal?.cancel()
    this.renewal = undefined
  }

  /** Deletes the key. A failure is logged: the key then ends by itself within the hour. */
  async close(): Promise<void> {
    this.closed = true
    await this.obtaining?.catch(() => undefined)
    const key = this.key
    this.forget()
    this.closed = false
    if (key === undefined) return
    try {
      await this.rest.deleteListenKey(key)
    } catch (error) {
      this.log.warn({ error }, 'the listen key could not be deleted')
    }
  }

  private async renewOrCreate(): Promise<string> {
    if (this.key !== undefined) {
      try {
        await this.rest.renewListenKey(this.key)
        this.scheduleRenewal(listenKeyRenewalMs)
        return this.key
      } catch (error) {
        if (!isRefusal(error)) throw error
        this.forget()
      }
    }
    this.key = await this.rest.createListenKey()
    this.scheduleRenewal(listenKeyRenewalMs)
    await this.checkNumber()
    return this.key
  }

  private async checkNumber(): Promise<void> {
    try {
      const inUse = (await this.rest.getListenKeys()).length
      if (inUse > maxListenKeys * 0.8)
        this.log.warn({ inUse, maxListenKeys }, 'the account is running out of listen keys')
    } catch (error) {
      this.log.debug({ error }, 'the listen keys could not be counted')
    }
  }

  private scheduleRenewal(delayMs: number): void {
    this.renewal?.cancel()
    this.renewal = this.closed ? undefined : this.clock.setTimer(() => void this.renew(), delayMs)
  }

  private async renew(): Promise<void> {
    const key = this.key
    if (key === undefined) return
    try {
      await this.rest.renewListenKey(key)
      this.scheduleRenewal(listenKeyRenewalMs)
    } catch (error) {
      if (key !== this.key) return
      if (!isRefusal(error)) {
        this.log.warn({ error }, 'the listen key could not be renewed, trying again')
        this.scheduleRenewal(listenKeyRetryMs)
        return
      }
      this.log.warn({ error }, 'the listen key has ended, connecting with a new one')
      this.onRefused()
    }
  }
}

/** The exchange answered and does not know the key; anything else says nothing about it. */
function isRefusal(error: unknown): boolean {
  const { recovery } = toCexArbitrageException(error, { exchange: mexcExchangeId, doing: 'renewing the listen key' })
  return recovery === 'reject'
}
