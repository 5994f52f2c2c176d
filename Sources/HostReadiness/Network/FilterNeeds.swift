internal import Netlink

/// A table of the packet filter that `iptables-legacy` sets up.
struct LegacyTable: Hashable, Sendable {
  var name: String
  var family: AddressFamily

  var module: KernelModule { .table(name, isIPv6: family == .ipv6) }

  /// Those that Algo's rules are in.
  static let all = [AddressFamily.ipv4, .ipv6].flatMap { family in
    ["filter", "nat", "mangle"].map { LegacyTable(name: $0, family: family) }
  }
}

extension LegacyTable: CustomStringConvertible {
  /// `nat for IPv6`
  var description: String { "\(name) for \(family)" }
}

/// A match or target that rules for a family name.
struct FilterNeed: Hashable, Sendable {
  var item: FilterExtension
  var family = AddressFamily.ipv4
  var module: KernelModule

  static let policy = FilterNeed(item: .match("policy"), module: .xtPolicy)
  static let masquerade = FilterNeed(item: .target("MASQUERADE"), module: .xtMasquerade)
  static let segmentSize = FilterNeed(item: .target("TCPMSS"), module: .xtTCPMSS)

  /// What Algo's rules match. What does not depend on the family is asked for one only.
  static let matches: [FilterNeed] = KernelModule.matches.map { module in
    let isForIPv6 = module.name == "xt_hl" || module.name == "ip6t_ah"
    let name = module.name.split(separator: "_").last.map(String.init) ?? module.name
    return FilterNeed(item: .match(name), family: isForIPv6 ? .ipv6 : .ipv4, module: module)
  }
}
