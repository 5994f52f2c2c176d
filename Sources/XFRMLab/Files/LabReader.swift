internal import StructuredText
internal import XFRMKit

/// Makes a topology of a tree that fits the vocabulary, and finds what does not fit together.
struct LabReader {
  var diagnostics: Diagnostics
  /// Names of nodes, and of the interfaces of each.
  private var interfaces: [String: Set<String>] = [:]

  init(_ diagnostics: Diagnostics) { self.diagnostics = diagnostics }

  mutating func topology(_ file: YAMLNode, named usualName: String) -> Topology {
    var topology = Topology(file.text("name") ?? usualName)
    for node in file.list("nodes") {
      guard let name = node.text("name") else { continue }
      if interfaces[name] != nil {
        refuse(node.nameSpan, "a node is called \(Discretion.quoted(name)) already")
      }
      interfaces[name] = ["lo"]
    }
    topology.links = file.list("links").compactMap { link($0) }
    topology.machines = file.list("nodes").compactMap { machine($0) }
    var names: Set<String> = []
    for node in file.list("tunnels") {
      guard let tunnel = tunnel(node, topology) else { continue }
      if !names.insert(tunnel.name).inserted {
        refuse(node.nameSpan, "a tunnel is called \(Discretion.quoted(tunnel.name)) already")
      }
      topology.tunnels.append(tunnel)
    }
    return topology
  }

  mutating func refuse(_ span: SourceSpan, _ message: String, help: String? = nil) {
    diagnostics.error(span, message, help: help)
  }

  // MARK: Nodes

  private mutating func machine(_ node: YAMLNode) -> Topology.Machine? {
    guard let name = node.text("name") else { return nil }
    var machine = Topology.Machine(
      name, forwards: node.flag("forward") ?? false, addresses: prefixes(node, "addresses"))
    machine.xfrmInterfaces = node.list("xfrm-interfaces").compactMap { part in
      guard let own = declare(part.text("name"), at: part.nameSpan, on: name),
        let id: UInt32 = part.number("if-id")
      else { return nil }
      return Topology.XFRMInterface(own, id: id, addresses: prefixes(part, "addresses"))
    }
    machine.virtualRouters = node.list("vrfs").compactMap { part in
      guard let own = declare(part.text("name"), at: part.nameSpan, on: name),
        let table: UInt32 = part.number("table")
      else { return nil }
      return Topology.VirtualRouter(own, table: table, interfaces: known(part, "interfaces", name))
    }
    machine.masqueraded = known(node, "nat", name)
    machine.routes = node.list("routes").compactMap { route($0, on: name) }
    return machine
  }

  private mutating func route(_ node: YAMLNode, on machine: String) -> Topology.Route? {
    guard let destination = node.prefix("to") else { return nil }
    if let to = node["to"] { checkNetwork(to) }
    let gateway = node.address("via")
    let interface = known(node, "interface", machine).first
    if node["via"] == nil, node["interface"] == nil {
      refuse(node.place, "a route leads via an address, or out of an interface", help: "add via")
    }
    if let gateway, gateway.family != destination.family {
      refuse(node.span("via"), "\(gateway) is of another family than \(destination)")
    }
    return Topology.Route(
      to: destination, via: gateway, interface: interface, table: node.number("table") ?? 0)
  }

  /// A new interface of a node.
  private mutating func declare(
    _ interface: String?, at span: SourceSpan, on machine: String
  ) -> String? {
    guard let interface else { return nil }
    if interfaces[machine]?.insert(interface).inserted == false {
      refuse(span, "\(machine) has an interface \(Discretion.quoted(interface)) already")
    }
    return interface
  }

  /// The interfaces that a key names; those that are not there are told of.
  private mutating func known(_ node: YAMLNode, _ key: String, _ machine: String) -> [String] {
    let names = (interfaces[machine] ?? []).sorted()
    return node.list(key).compactMap { element in
      guard let name = element.text, !element.isUnusable else { return nil }
      if !names.contains(name) {
        refuse(
          element.span, "\(machine) has no interface \(Discretion.quoted(name))",
          help: Spelling.help(for: name, among: names, "interfaces of \(machine)"))
      }
      return name
    }
  }

  func prefixes(_ node: YAMLNode, _ key: String) -> [IPPrefix] {
    node.list(key).compactMap { $0.text.flatMap { IPPrefix($0) } }
  }

  // MARK: Links

  private mutating func link(_ node: YAMLNode) -> Topology.Link? {
    let ends = node.list("ends").compactMap { end -> Topology.End? in
      guard let machine = existing(end) else { return nil }
      guard let name = declare(end.text("interface"), at: end.span("interface"), on: machine)
      else { return nil }
      return Topology.End(machine, name, prefixes(end, "addresses"))
    }
    guard hasTwoEnds(node), ends.count == 2 else { return nil }
    if ends[0].machine == ends[1].machine {
      refuse(node.span("ends"), "a link is between two nodes", help: "name another one")
    }
    let mtu: UInt32? = node.number("mtu")
    if let mtu, mtu < Self.leastOfIPv6,
      let end = ends.first(where: { $0.addresses.contains { $0.family == .ipv6 } })
    {
      refuse(
        node.span("mtu"),
        "IPv6 takes \(Self.leastOfIPv6) bytes at least, and \(end.machine) has an address of it here",
        help: "make it longer, or leave the address out")
    }
    var impairment = LinkImpairment()
    impairment.delay = node.text("delay").flatMap(LabVocabulary.microseconds) ?? 0
    impairment.jitter = node.text("jitter").flatMap(LabVocabulary.microseconds) ?? 0
    impairment.loss = node.text("loss").flatMap(LabVocabulary.millionths) ?? 0
    impairment.rate = node.text("rate").flatMap(LabVocabulary.bits)
    return Topology.Link(ends[0], ends[1], impairment: impairment, mtu: mtu)
  }

  /// Below it the kernel takes IPv6 away from an interface.
  private static let leastOfIPv6: UInt32 = 1_280

  /// The node that an end is at.
  mutating func existing(_ end: YAMLNode) -> String? {
    guard let name = end.text("node") else { return nil }
    if interfaces[name] != nil { return name }
    refuse(
      end.span("node"), "there is no node \(Discretion.quoted(name))",
      help: Spelling.help(for: name, among: interfaces.keys.sorted(), "nodes"))
    return nil
  }

  mutating func hasTwoEnds(_ node: YAMLNode) -> Bool {
    let count = node.list("ends").count
    if count != 2, node["ends"]?.isUnusable == false {
      refuse(node.span("ends"), "there are two ends, and these are \(count)")
    }
    return count == 2
  }
}
