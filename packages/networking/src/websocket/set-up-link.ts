import { withTimeout } from '../utils/with-timeout.js'
import type { ConnectionErrors } from './connection-errors.js'
import type { SocketLink } from './socket-link.js'
import type { WebSocketState } from './websocket-options.js'
import type { WebSocketSettings } from './websocket-settings.js'

/**
 * Connects a socket, logs in and subscribes, within the times of the settings. A failure cuts it.
 *
 * @param report - Told what is being done.
 * @throws CexArbitrageException
 */
export async function setUpLink(
  link: SocketLink,
  { clock, login, subscribe, setupTimeoutMs }: WebSocketSettings,
  errors: ConnectionErrors,
  report: (state: WebSocketState) => void,
): Promise<void> {
  try {
    report('connecting')
    await link.open()
    const prepare = async (): Promise<void> => {
      if (login !== undefined) {
        report('authenticating')
        await login(link)
      }
      if (subscribe !== undefined) {
        report('subscribing')
        await subscribe(link)
      }
    }
    await withTimeout(clock, Promise.race([prepare(), link.lost]), setupTimeoutMs, () =>
      errors.createLost(`was not logged in and subscribed within ${setupTimeoutMs} ms`),
    )
  } catch (error) {
    const failure = errors.wrap(error, 'to log in or subscribe')
    link.terminate(failure)
    throw failure
  }
}
