/** Where the engine's own servers listen unless told otherwise. */
export const loopbackAddress = '127.0.0.1'

export const minPort = 0
export const maxPort = 65_535
