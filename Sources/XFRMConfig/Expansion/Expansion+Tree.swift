internal import XFRMKit

extension Expansion {
  /// The entries, in the words of RFC 9061, and the kernel's objects.
  public var tree: YAMLNode {
    let kernel = YAMLNode([
      ("namespace", state.namespace.map { YAMLNode($0) }),
      ("policies", list(state.policies) { $0.tree }),
      ("associations", list(state.associations) { $0.kernelTree }),
      ("interfaces", list(state.interfaces) { $0.tree }),
      ("routes", list(state.routes) { $0.tree }),
      ("route-guards", list(state.routeGuards) { $0.tree }),
      ("settings", list(state.settings) { YAMLNode("\($0.name) = \($0.value)") }),
      ("default-actions", state.defaultActions.map { YAMLNode("\($0.outgoing)") }),
    ])
    return YAMLNode([
      ("watermarks", list(state.watermarks) { YAMLNode($0) }),
      ("spd", list(policies) { $0.tree }),
      ("sad", list(associations) { $0.tree }),
      ("kernel", kernel),
    ])
  }

  private func list<T>(_ values: [T], _ tree: (T) -> YAMLNode) -> YAMLNode? {
    values.isEmpty ? nil : YAMLNode(values.map(tree))
  }
}
