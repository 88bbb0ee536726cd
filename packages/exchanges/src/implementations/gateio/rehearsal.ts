import type { RehearsalAnswer } from '@cex-arbitrage/networking'
import { apiPrefix } from './constants.js'

/** What a rehearsed order and the questions before it are answered with. */
export const answerGateioRehearsal: RehearsalAnswer = ({ path, body }) => {
  switch (path) {
    case `${apiPrefix}/spot/time`:
      return '{"server_time":1}'
    case `${apiPrefix}/spot/orders`:
    case `${apiPrefix}/futures/usdt/orders`: {
      const { text } = JSON.parse(body) as { readonly text: string }
      return JSON.stringify({ id: text, text, create_time: 1, create_time_ms: 1 })
    }
    default:
      return undefined
  }
}
