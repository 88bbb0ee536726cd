import type { RehearsalAnswer } from '@cex-arbitrage/networking'

/** What a rehearsed order and the questions before it are answered with. */
export const answerMexcRehearsal: RehearsalAnswer = ({ path, query }) => {
  switch (path) {
    case '/api/v3/time':
      return '{"serverTime":1}'
    case '/api/v3/order': {
      const order = new URLSearchParams(query)
      return JSON.stringify({ orderId: order.get('newClientOrderId'), transactTime: Number(order.get('timestamp')) })
    }
    default:
      return undefined
  }
}
