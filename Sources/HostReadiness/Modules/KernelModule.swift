internal import XFRMKit

/// A part of the kernel that may be a module, and what it is good for.
public struct KernelModule: Hashable, Sendable {
  /// As the kernel spells it, with underscores: `xfrm_user`.
  public var name: String
  /// The option of the kernel's configuration that builds it, without `CONFIG_`: `XFRM_USER`.
  public var option: String
  /// What the kernel asks for when it wants the module: `net-pf-16-proto-6`.
  public var aliases: [String]

  init(_ name: String, option: String, aliases: [String] = []) {
    self.name = name
    self.option = option
    self.aliases = aliases
  }
}

// MARK: - The modules

extension KernelModule {
  /// Programs' way to the kernel's IPsec databases.
  public static let xfrmUser = KernelModule(
    "xfrm_user", option: "XFRM_USER", aliases: ["net-pf-16-proto-6"])
  public static let ipv6 = KernelModule("ipv6", option: "IPV6", aliases: ["net-pf-10"])
  /// ESP over IPv4.
  public static let esp4 = KernelModule("esp4", option: "INET_ESP", aliases: ["xfrm-type-2-50"])
  /// ESP over IPv6.
  public static let esp6 = KernelModule("esp6", option: "INET6_ESP", aliases: ["xfrm-type-10-50"])
  /// The older PF_KEY sockets, which few programs still use.
  public static let afKey = KernelModule("af_key", option: "NET_KEY", aliases: ["net-pf-15"])

  /// What IPsec needs by name, in the order in which to load it. What they are composed of, and the
  /// algorithms, the kernel loads by itself.
  public static let all = [xfrmUser, ipv6, esp4, esp6, afKey]
}
