internal import CNetlink

/// The packet filter that `iptables-legacy` sets up, of a network namespace: ip_tables and
/// ip6_tables.
///
/// What it answers is worth nothing but for IPv4 and IPv6. Asking about IPv6 makes a kernel load
/// its module, where it is one.
public struct LegacyFilter: Sendable {
  private let namespace: NetworkNamespace?
  private let family: AddressFamily

  /// The one of a network namespace, the calling thread's if `nil`. Takes `CAP_NET_ADMIN` and
  /// `CAP_NET_RAW`.
  public init(_ family: AddressFamily, in namespace: NetworkNamespace? = nil) {
    self.family = family
    self.namespace = namespace
  }

  /// How many entries a table has, besides its built-in chains. The kernel loads the table if it can
  /// (`iptable_filter`), but not ip_tables.
  ///
  /// - Throws: `ENOPROTOOPT` if there is no ip_tables, `ENOENT` if there is no such table.
  public func entryCount(ofTable name: String) throws(NetlinkError) -> Int {
    // Sound: the text outlives the call.
    try ask { unsafe cnl_legacy_table($0, name) }
  }

  /// Whether the kernel has an extension, which it loads if need be.
  ///
  /// - Throws: `ENOPROTOOPT` if there is no ip_tables.
  public func knows(_ wanted: FilterExtension) throws(NetlinkError) -> Bool {
    do throws(NetlinkError) {
      // Sound: the text outlives the call.
      _ = try ask { unsafe cnl_legacy_extension($0, wanted.isTarget ? 1 : 0, wanted.name) }
      return true
    } catch {
      return try FilterExtension.isKnown(after: error)
    }
  }

  private func ask(_ question: @escaping @Sendable (Int32) -> Int32) throws(NetlinkError) -> Int {
    let number = Int32(family.rawValue)
    let answer: Int32
    if let namespace {
      answer = try namespace.run { () throws(NetlinkError) in question(number) }
    } else {
      answer = question(number)
    }
    guard answer >= 0 else { throw .refused(KernelRefusal(errno: SystemErrno(-answer))) }
    return Int(answer)
  }
}
