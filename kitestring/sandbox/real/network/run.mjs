// Starts the whole Bluesky network (PLC, PDS, AppView, Ozone) on loopback only; prints READY and its addresses.
import net from 'node:net'

// The servers listen on every interface. They get no say in it: whatever listens on a port here listens on 127.0.0.1.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  const callback = args.find((part) => typeof part === 'function')
  if (args[0] && typeof args[0] === 'object' && 'port' in args[0]) {
    return listen.call(this, { ...args[0], host: '127.0.0.1' }, callback)
  }
  if (/^\d+$/.test(String(args[0] ?? 0))) {
    return listen.call(this, { port: Number(args[0] ?? 0), host: '127.0.0.1' }, callback)
  }
  return listen.apply(this, args)
}

const { TestNetwork } = await import('@atproto/dev-env')
const ports = JSON.parse(process.env.REAL_PORTS)
const network = await TestNetwork.create({
  dbPostgresSchema: 'kitestring', // letters and underscores only
  plc: { port: ports.plc },
  pds: { port: ports.pds, hostname: 'localhost', enableDidDocWithSession: true },
  bsky: { port: ports.appview, publicUrl: `http://localhost:${ports.appview}` },
  ozone: { port: ports.ozone },
})
console.log('READY', JSON.stringify({ pds: network.pds.url, appview: network.bsky.url, plc: network.plc.url }))
