import type { RehearsalAnswer } from '@cex-arbitrage/networking'

/** What a rehearsed order and the questions before it are answered with. */
export const answerMexcRehearsal: RehearsalAnswer = ({ path, query, body }) => {
  switch (path) {
    case '/api/v3/time':
      return '{"serverTime":1}'
    case '/api/v3/order': {
      const order = new URLSearchParams(query)
      return JSON.stringify({ orderId: order.get('newClientOrderId'), transactTime: Number(order.get('timestamp')) })
    }
    case '/api/v1/contract/ping':
      return '{"success":true,"code":0,"data":1}'
    case '/api/v1/private/order/create': {
      const { externalOid } = JSON.parse(body) as { readonly externalOid: string }
      return JSON.stringify({ success: true, code: 0, data: { orderId: externalOid, ts: 1 } })
    }
    default:
      return undefined
  }
}
