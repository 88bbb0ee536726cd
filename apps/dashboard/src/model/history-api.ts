import type {
  JournalRow,
  StoredEquityPoint,
  StoredTrade,
  TradeDayRow,
  TradeDetail,
} from '@cex-arbitrage/arbitrage-runner/history-model'

/** What is asked of the history; what is `undefined` is left out. */
export type HistoryParameters = Readonly<Record<string, string | number | undefined>>

export type HistoryAnswer<Rows> =
  | { readonly ok: true; readonly rows: Rows }
  | { readonly ok: false; readonly message: string }

/** Reads what the engine has stored; asks with the token where there is one, for servers beyond loopback want it. */
export class HistoryApi {
  constructor(
    private readonly origin: string,
    private readonly token: () => string | undefined,
  ) {}

  journals(signal: AbortSignal): Promise<HistoryAnswer<readonly JournalRow[]>> {
    return this.ask('journals', {}, signal)
  }

  days(parameters: HistoryParameters, signal: AbortSignal): Promise<HistoryAnswer<readonly TradeDayRow[]>> {
    return this.ask('days', parameters, signal)
  }

  equity(parameters: HistoryParameters, signal: AbortSignal): Promise<HistoryAnswer<readonly StoredEquityPoint[]>> {
    return this.ask('equity', parameters, signal)
  }

  trades(parameters: HistoryParameters, signal: AbortSignal): Promise<HistoryAnswer<readonly StoredTrade[]>> {
    return this.ask('trades', parameters, signal)
  }

  trade({ correlationId, journal }: StoredTrade, signal: AbortSignal): Promise<HistoryAnswer<TradeDetail | undefined>> {
    return this.ask(`trades/${encodeURIComponent(correlationId)}`, { journal }, signal)
  }

  private async ask<Rows>(
    path: string,
    parameters: HistoryParameters,
    signal: AbortSignal,
  ): Promise<HistoryAnswer<Rows>> {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value))
    const token = this.token()
    try {
      const response = await fetch(`${this.origin}/history/${path}?${query.toString()}`, {
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        signal,
      })
      const body = (await response.json()) as { readonly rows: Rows; readonly error?: string }
      if (response.ok) return { ok: true, rows: body.rows }
      return { ok: false, message: body.error ?? `The engine answered ${response.status}.` }
    } catch {
      return { ok: false, message: 'The engine does not answer.' }
    }
  }
}
