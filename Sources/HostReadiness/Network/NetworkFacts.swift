internal import Netlink
internal import XFRMKit

/// What surrounds IPsec on a host: settings, routes, ports, the packet filter.
struct NetworkFacts: Sendable {
  var settings = KernelSettings()
  var ports = UDPPorts()
  /// `nil` if the kernel was not to be asked.
  var topology: Result<Topology, XFRMError>?
  var firewall = Firewall()
  /// What the machine says of its maker, by file.
  var machine: [String: String] = [:]

  /// The interfaces and routes, if they are known.
  var known: Topology? { try? topology?.get() }
}

extension NetworkFacts {
  /// - Parameters:
  ///   - asksKernel: Whether the running kernel may be asked, which changes nothing.
  ///   - countsRules: Whether the rules of the packet filter matter.
  ///   - hasTables: Whether nf_tables is in the kernel, or may be asked for; `nil` if neither is known.
  ///   - failures: Added to for each file that is there and cannot be read.
  init(
    _ tree: FileTree, asksKernel: Bool, countsRules: Bool, hasTables: Bool?,
    failures: inout [FileError]
  ) {
    settings = KernelSettings(tree, failures: &failures)
    ports = UDPPorts(tree, failures: &failures)
    if asksKernel { topology = Result { () throws(XFRMError) in try Topology.current() } }
    if countsRules {
      firewall = Firewall(tree, failures: &failures)
      if asksKernel { firewall.countRules(tree, hasTables: hasTables) }
    }
    for file in Cloud.files {
      machine[file] = failures.collect { () throws(FileError) in try tree.line(file) }
    }
  }
}
