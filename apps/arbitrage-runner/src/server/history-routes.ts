import { CexArbitrageException } from '@cex-arbitrage/common'
import type { HistoryQueries } from '@cex-arbitrage/storage'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { historyQuerySchema, type HistoryQuery } from './history-query.js'
import type { RequestGuard } from './request-guard.js'

const away = { error: 'Nothing is stored: the database is switched off, or the engine is still starting.' }

type Ask = (history: HistoryQueries, query: HistoryQuery) => Promise<unknown>

/** What each path under `/history` asks of the database. */
export const historyAsks: Readonly<Record<string, Ask>> = {
  trades: (history, query) => history.recentTrades(query),
  days: (history, query) => history.tradeDays(query),
  summary: (history, query) => history.tradeSummary(query),
  equity: (history, query) => history.equitySeries(query),
  'why-not': (history, query) => history.whyNot(query),
  exchanges: (history, query) =>
    query.exchange === undefined ? history.venueHealth(query) : history.venueHealthSeries(query.exchange, query),
  opportunities: (history, query) => history.opportunities(query),
  halts: (history, query) => history.halts(query),
  balances: (history, query) => history.balances(query),
  journals: (history) => history.journals(),
}

/** `GET /history/…`: what was stored, this run's unless `journal` names another. */
export function addHistoryRoutes(
  app: FastifyInstance,
  guard: RequestGuard,
  history: () => HistoryQueries | undefined,
): void {
  const read = { onRequest: guard.checkReader }
  const answer = async (ask: Ask, request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const query = historyQuerySchema.safeParse(request.query)
    if (!query.success) return reply.code(400).send({ error: z.prettifyError(query.error) })
    const queries = history()
    if (queries === undefined) return reply.code(503).send(away)
    try {
      return { rows: await ask(queries, query.data as HistoryQuery) }
    } catch (error) {
      if (!(error instanceof CexArbitrageException)) throw error
      return reply.code(503).send({ error: error.message })
    }
  }
  for (const [name, ask] of Object.entries(historyAsks))
    app.get(`/history/${name}`, read, (request, reply) => answer(ask, request, reply))
  app.get<{ Params: { correlationId: string } }>('/history/trades/:correlationId', read, (request, reply) =>
    answer((queries, query) => queries.tradeDetail(request.params.correlationId, query), request, reply),
  )
}
