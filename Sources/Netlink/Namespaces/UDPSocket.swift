internal import CNetlink
internal import Glibc

/// A UDP socket in a network namespace, for asking which options the kernel takes.
package struct UDPSocket: ~Copyable, Sendable {
  package let descriptor: Int32

  /// Opens one, which makes a kernel load IPv6 where that is a module.
  package init(_ family: AddressFamily, in namespace: NetworkNamespace) throws(NetlinkError) {
    descriptor = try namespace.run { () throws(NetlinkError) in
      let kind = Int32(CNL_SOCK_DGRAM | CNL_SOCK_CLOEXEC)
      let descriptor = socket(Int32(family.rawValue), kind, 0)
      guard descriptor >= 0 else { throw .system(.openSocket, .current) }
      return descriptor
    }
  }

  deinit { close(descriptor) }

  /// Sets a 32-bit option at UDP's level.
  package borrowing func set(_ option: Option, to value: Int32) throws(NetlinkError) {
    var value = value
    // Sound: the option's value outlives the call.
    let result = unsafe setsockopt(
      descriptor, Int32(IPPROTO_UDP), option.rawValue, &value,
      socklen_t(MemoryLayout<Int32>.size))
    guard result == 0 else { throw .system(.setOption, .current) }
  }

  /// What the kernel holds a 32-bit option at UDP's level to be.
  package borrowing func value(of option: Option) throws(NetlinkError) -> Int32 {
    var value: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    // Sound: both outlive the call, which writes at most `size` bytes.
    let result = unsafe getsockopt(
      descriptor, Int32(IPPROTO_UDP), option.rawValue, &value, &size)
    guard result == 0 else { throw .system(.setOption, .current) }
    return value
  }

  /// `UDP_…` of linux/udp.h.
  package enum Option: Int32, Sendable {
    /// The kernel takes packets of a protocol out of UDP: `UDP_ENCAP`.
    case encapsulation = 100
    /// Received datagrams of a flow come joined: `UDP_GRO`; since Linux 5.0.
    case receiveOffload = 104
  }
}
