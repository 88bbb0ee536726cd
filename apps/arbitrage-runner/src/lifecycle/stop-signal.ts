interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown
  exit(code: number): void
}

/** What the process writes to. */
interface OutputStream {
  on(event: 'error', listener: (error: Error & { readonly code?: string }) => void): unknown
}

const interruptedExitCode = 130
/** A pipe whose reader has gone, a terminal that is no more. */
const goneCodes: readonly (string | undefined)[] = ['EPIPE', 'EIO']

/**
 * Fires once at the first SIGINT or SIGTERM, when the terminal goes (SIGHUP), and when nobody reads the output any more. A
 * second SIGINT ends the process at once, for an operator who will not wait; what rests then is found and cancelled at the
 * next start. Output that cannot be written never ends the process by itself: an engine has to stop in order.
 */
export function createStopSignal(source: SignalSource, outputs: readonly OutputStream[] = []): AbortSignal {
  const controller = new AbortController()
  source.on('SIGINT', () => {
    if (controller.signal.aborted) source.exit(interruptedExitCode)
    controller.abort()
  })
  source.on('SIGTERM', () => controller.abort())
  source.on('SIGHUP', () => controller.abort())
  for (const output of outputs)
    output.on('error', ({ code }) => {
      if (goneCodes.includes(code)) controller.abort()
    })
  return controller.signal
}
