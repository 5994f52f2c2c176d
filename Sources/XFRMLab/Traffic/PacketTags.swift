internal import Glibc
internal import XFRMKit

/// What is said of packets besides where they go.
public struct PacketTags: Hashable, Sendable {
  /// DSCP and, in the lowest two bits, ECN: `IP_TOS`, `IPV6_TCLASS`.
  public var trafficClass: UInt8
  /// What the sender's kernel marks them with: `SO_MARK`. It does not leave that kernel.
  public var mark: UInt32

  /// Nothing, unless told.
  ///
  /// - Parameters:
  ///   - trafficClass: DSCP and ECN.
  ///   - mark: The mark.
  public init(trafficClass: UInt8 = 0, mark: UInt32 = 0) {
    self.trafficClass = trafficClass
    self.mark = mark
  }
}

extension Socket {
  borrowing func setTags(_ tags: PacketTags, _ family: AddressFamily) throws(LabError) {
    if tags.trafficClass != 0 {
      let (level, option) =
        family == .ipv6
        ? (Int32(IPPROTO_IPV6), IPV6_TCLASS) : (Int32(IPPROTO_IP), IP_TOS)
      try setOption(level, option, Int32(tags.trafficClass))
    }
    if tags.mark != 0 { try setOption(SOL_SOCKET, SO_MARK, Int32(bitPattern: tags.mark)) }
  }
}
