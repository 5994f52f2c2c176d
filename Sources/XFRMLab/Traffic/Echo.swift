internal import Glibc
internal import XFRMKit

extension Flow {
  /// Pings and returns how many echoes came back.
  public func ping(
    _ count: Int, payloadBytes: Int = 56, patience: Int32 = 1_000
  ) throws(LabError) -> Int {
    let (source, destination) = (source, destination)
    let isV6 = destination.family == .ipv6
    let socket = try sender.run { () throws(LabError) in
      let socket = try Socket(
        destination.family, .raw, proto: Int32(isV6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP))
      try socket.bind(source)
      try socket.connect(destination, port: 0)
      return socket
    }
    let identifier = UInt16.random(in: .min ... .max)
    var echoes = 0
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    for number in 0..<UInt16(truncatingIfNeeded: count) {
      let request = EchoMessage(identifier: identifier, number: number, isV6: isV6)
      guard case .success = socket.send(request.bytes(payload: payloadBytes).span) else { continue }
      // The socket hears every ICMP message that the peer sends; wait for this echo.
      waiting: while socket.waitToReceive(milliseconds: patience) {
        while case .success(let length) = socket.receive(into: &buffer) {
          guard request.isAnswered(by: buffer[..<length]) else { continue }
          echoes += 1
          break waiting
        }
      }
    }
    return echoes
  }
}

/// An ICMP or ICMPv6 echo request (RFC 792, RFC 4443).
private struct EchoMessage {
  var identifier: UInt16
  var number: UInt16
  var isV6: Bool

  func bytes(payload count: Int) -> [UInt8] {
    var message: [UInt8] = [isV6 ? 128 : 8, 0, 0, 0]
    for value in [identifier, number] {
      message += [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
    }
    message += TrafficMarker.payload(count)
    // For ICMPv6 the kernel fills in the checksum.
    if !isV6 {
      let sum = InternetChecksum.of(message)
      message[2] = UInt8(sum >> 8)
      message[3] = UInt8(truncatingIfNeeded: sum)
    }
    return message
  }

  /// A raw IPv4 socket delivers the IP header too.
  func isAnswered(by packet: ArraySlice<UInt8>) -> Bool {
    guard let first = packet.first else { return false }
    let message = Array(isV6 ? packet : packet.dropFirst(Int(first & 0x0f) * 4))
    guard message.count >= 8, message[0] == (isV6 ? 129 : 0) else { return false }
    return UInt16(message[4]) << 8 | UInt16(message[5]) == identifier
      && UInt16(message[6]) << 8 | UInt16(message[7]) == number
  }
}
