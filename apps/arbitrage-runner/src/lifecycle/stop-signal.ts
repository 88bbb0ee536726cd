interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  exit(code: number): void
}

const interruptedExitCode = 130

/**
 * Fires once at the first SIGINT or SIGTERM. A second SIGINT ends the process at once, for an operator who will not wait;
 * what rests then is found and cancelled at the next start.
 */
export function createStopSignal(source: SignalSource): AbortSignal {
  const controller = new AbortController()
  source.on('SIGINT', () => {
    if (controller.signal.aborted) source.exit(interruptedExitCode)
    controller.abort()
  })
  source.on('SIGTERM', () => controller.abort())
  return controller.signal
}
