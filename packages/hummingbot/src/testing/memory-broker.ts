import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { generate, parser, type Packet } from 'mqtt-packet'

/** An MQTT broker for specs: subscriptions with `+`, QoS 0 and 1, nothing retained. */
export class MemoryBroker {
  readonly published: { readonly topic: string; readonly payload: string; readonly qos: number }[] = []
  /** Refuses logins with another password. */
  password: string | undefined
  /** Leaves QoS 1 messages without acknowledgement and does not pass them on. */
  isDeaf = false
  private readonly clients = new Map<Socket, Set<string>>()

  private constructor(private readonly server: Server) {}

  static async start(): Promise<MemoryBroker> {
    const server = createServer()
    const broker = new MemoryBroker(server)
    server.on('connection', (socket) => broker.accept(socket))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return broker
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Passes a message to whoever wants it. */
  publish(topic: string, payload: string): void {
    for (const [socket, topics] of this.clients)
      if ([...topics].some((pattern) => isMatch(pattern, topic)))
        socket.write(generate({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false }))
  }

  cut(): void {
    for (const socket of this.clients.keys()) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    this.server.close()
    await once(this.server, 'close')
  }

  private accept(socket: Socket): void {
    const packets = parser({ protocolVersion: 4 })
    packets.on('packet', (packet) => this.onPacket(socket, packet))
    socket.on('data', (data) => void packets.parse(data))
    socket.on('error', () => undefined)
    socket.on('close', () => this.clients.delete(socket))
  }

  private onPacket(socket: Socket, packet: Packet): void {
    if (packet.cmd === 'connect') {
      const isWelcome = this.password === undefined || String(packet.password) === this.password
      socket.write(generate({ cmd: 'connack', returnCode: isWelcome ? 0 : 5, sessionPresent: false }))
      if (isWelcome) this.clients.set(socket, new Set())
    } else if (packet.cmd === 'subscribe') {
      for (const { topic } of packet.subscriptions) this.clients.get(socket)?.add(topic)
      const granted = packet.subscriptions.map(({ qos }) => qos)
      socket.write(generate({ cmd: 'suback', granted, messageId: packet.messageId ?? 0 }))
    } else if (packet.cmd === 'publish') {
      this.published.push({ topic: packet.topic, payload: String(packet.payload), qos: packet.qos })
      if (this.isDeaf) return
      if (packet.qos === 1) socket.write(generate({ cmd: 'puback', messageId: packet.messageId ?? 0 }))
      this.publish(packet.topic, String(packet.payload))
    } else if (packet.cmd === 'pingreq') socket.write(generate({ cmd: 'pingresp' }))
  }
}

function isMatch(pattern: string, topic: string): boolean {
  const wanted = pattern.split('/')
  const given = topic.split('/')
  return wanted.length === given.length && wanted.every((part, i) => part === '+' || part === given[i])
}
