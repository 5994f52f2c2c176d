internal import Glibc
internal import XFRMKit

/// What may become of a datagram that is too long for its path.
public enum Fragmentation: Sendable {
  /// The system's own choice.
  case usual
  /// It must not be taken apart: the DF bit is set, and what is known to be too long is refused.
  case forbidden
  /// Over IPv4 the routers on the way may take it apart, and the sender leaves it to them; over
  /// IPv6 only the sender may.
  case allowed
}

extension Socket {
  borrowing func setFragmentation(
    _ fragmentation: Fragmentation, _ family: AddressFamily
  ) throws(LabError) {
    switch (fragmentation, family == .ipv6) {
    case (.usual, _): break
    case (.forbidden, false):
      try setOption(Int32(IPPROTO_IP), IP_MTU_DISCOVER, IP_PMTUDISC_DO)
    case (.forbidden, true):
      try setOption(Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO)
    case (.allowed, false):
      try setOption(Int32(IPPROTO_IP), IP_MTU_DISCOVER, IP_PMTUDISC_INTERFACE)
    case (.allowed, true):
      try setOption(Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT)
    }
  }

  /// The longest packet that the way to the peer takes, its IP header included, as far as this
  /// kernel knows.
  borrowing func pathMTU(_ family: AddressFamily) -> Int? {
    let value =
      family == .ipv6
      ? option(Int32(IPPROTO_IPV6), IPV6_MTU) : option(Int32(IPPROTO_IP), IP_MTU)
    return value.map { Int($0) }
  }
}
