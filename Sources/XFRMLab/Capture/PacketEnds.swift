internal import XFRMKit

/// Where a packet says that it comes from and goes to.
struct PacketEnds: Hashable, Sendable {
  var source: IPAddress
  var destination: IPAddress

  init(from source: IPAddress, to destination: IPAddress) {
    self.source = source
    self.destination = destination
  }

  /// - Parameter packet: From its IP header on; `nil` if it has none.
  init?(_ packet: ArraySlice<UInt8>) {
    func number(_ offset: Int, _ count: Int) -> UInt64 {
      packet.dropFirst(offset).prefix(count).reduce(0) { $0 << 8 | UInt64($1) }
    }
    switch packet.first.map({ $0 >> 4 }) {
    case 4 where packet.count >= 20:
      self.init(
        from: .v4(UInt32(truncatingIfNeeded: number(12, 4))),
        to: .v4(UInt32(truncatingIfNeeded: number(16, 4))))
    case 6 where packet.count >= 40:
      self.init(from: .v6(number(8, 8), number(16, 8)), to: .v6(number(24, 8), number(32, 8)))
    default: return nil
    }
  }
}
