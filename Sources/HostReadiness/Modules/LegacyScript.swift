/// What the script of greps says of a host that guides have people run: lines of the kernel's
/// configuration. They tell what was built, not what works.
public struct LegacyScript: Hashable, Sendable {
  /// What it greps for, in its order.
  public static let options = [
    "XFRM_USER", "NET_KEY", "INET", "IP_ADVANCED_ROUTER", "IP_MULTIPLE_TABLES", "INET_AH",
    "INET_ESP", "INET_IPCOMP", "INET_XFRM_MODE_TRANSPORT", "INET_XFRM_MODE_TUNNEL",
    "INET_XFRM_MODE_BEET", "IPV6", "INET6_AH", "INET6_ESP", "INET6_IPCOMP",
    "INET6_XFRM_MODE_TRANSPORT", "INET6_XFRM_MODE_TUNNEL", "INET6_XFRM_MODE_BEET",
    "IPV6_MULTIPLE_TABLES", "NETFILTER", "NETFILTER_XTABLES", "NETFILTER_XT_MATCH_POLICY",
  ]

  /// A line for each option that the configuration mentions: `CONFIG_INET_ESP=m`.
  public var lines: [String]
  /// The file that they are from.
  public var source: String
}

/// There is no configuration to look into.
public struct NoConfiguration: Error, Hashable, Sendable, CustomStringConvertible {
  public var description: String
}

extension LegacyScript {
  /// Looks into the configuration of a host's kernel, wherever that is.
  ///
  /// - Parameter options: Says which host and which kernel. The kernel is asked nothing.
  public init(_ options: CheckOptions) throws(NoConfiguration) {
    let tree = FileTree(root: options.root)
    var failures: [FileError] = []
    let host = failures.collect { () throws(FileError) in
      try HostFacts(tree, release: options.kernelRelease)
    }
    let release = host?.kernelRelease ?? HostFacts(options.kernelRelease).kernelRelease
    guard
      let configuration = KernelConfiguration(tree, release: release, failures: &failures)
    else {
      let places = ["/proc/config.gz"] + KernelConfiguration.files(release: release)
      throw NoConfiguration(
        description: (failures.first.map { "\($0); " } ?? "")
          + "there is no configuration of Linux \(release) in \(places.asList)")
    }
    self.init(configuration)
  }

  init(_ configuration: KernelConfiguration) {
    source = configuration.source
    lines = Self.options.filter(configuration.mentions).map { option in
      configuration[option] == .notSet
        ? "# CONFIG_\(option) is not set" : configuration.line(option)
    }
  }
}
