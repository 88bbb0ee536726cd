/** Port of the WebSocket protocol unless a caller names another. */
export const DEFAULT_PORT = 15_888
