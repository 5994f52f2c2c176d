internal import Netlink
internal import XFRMKit

extension KernelProbe {
  /// Makes an xfrm interface, reads it back and deletes it.
  static let xfrmInterface = KernelProbe { session in
    tryOut(XFRMInterface(id: 42), &session.route) { $0.id == 42 }
  }

  /// The same with a virtual tunnel interface.
  ///
  /// Its module makes an interface of its own in every network namespace, so it is not loaded just
  /// to ask.
  static func tunnelInterface(_ family: AddressFamily) -> KernelProbe {
    KernelProbe { session in
      guard family.isActive, isPresent(family == .ipv6 ? .vti6 : .vti4) else {
        return .notRun(.mightLoadModules)
      }
      return family == .ipv6
        ? tryOut(TunnelInterface6(), &session.route) { $0.hasKeys }
        : tryOut(TunnelInterface4(), &session.route) { $0.hasKeys }
    }
  }

  /// Whether the running kernel has a module already.
  private static func isPresent(_ module: KernelModule) -> Bool {
    FileTree(root: "").exists("/sys/module/\(module.name)")
  }

  private static func tryOut<Kind: ReadableInterfaceKind>(
    _ kind: Kind, _ route: inout RouteConnection, isAsAsked: (Kind) -> Bool
  ) -> ProbeOutcome {
    let request = "make an interface of kind \(Kind.name)"
    let name = InterfaceName("xfrmctl0")
    do throws(NetlinkError) {
      try route.add(name, kind)
      let found = try route.interfaces(Kind.self).first { $0.name.name == name.name }
      try route.deleteInterface(name.name)
      guard let found, isAsAsked(found.kind) else {
        return .different(request: request, difference: "another interface")
      }
      return .works(request)
    } catch {
      return .refused(XFRMError(request, error))
    }
  }
}
