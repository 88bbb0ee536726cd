import { openBridge, openSimulator } from '../testing/client-endpoint.js'
import { describeClient } from '../testing/client-suite.js'

describeClient('the client against the simulated server', { open: openSimulator, requests: 2_000, excluded: {} })

describeClient('the client through the bridge, in front of the simulated hummingbot-api', {
  open: openBridge,
  requests: 300,
  excluded: {
    'knows that a cancellation is done when it is answered':
      'hummingbot-api answers before the exchange has; an update tells the end',
    'is refused an order without the funds':
      'hummingbot-api takes every order; an update tells that the exchange refused it',
    'keeps its limits, measured at the server': 'the measure is in the simulated server of the protocol',
  },
})
