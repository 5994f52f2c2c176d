internal import XFRMKit

extension Reader {
  /// A connection; `nil` if too little of it is there.
  mutating func connection(_ node: YAMLNode) -> Connection? {
    guard let name = node.text("name"), let kind: Connection.Kind = node.word("kind"),
      let local = end(node, "local"), let remote = end(node, "remote")
    else { return nil }
    let mode = mode(node, kind == .hostToHost ? .transport : .tunnel)
    let proposal = node.text("proposal").flatMap { ESPProposal(named: $0) } ?? .aes256gcm16
    var settings = settings(node, of: name, outer: node["tunnel-options"], .esp, mode)
    let interface = node["interface"].flatMap { self.interface($0) }
    settings.interfaceID = interface?.entry.interfaceID
    let keys = keys(node, of: name)
    let span = node["proposal"] == nil ? node.nameSpan : node.span("proposal")
    judge(proposal, of: name, at: span, isKeyStatic: keys != .generated, settings)
    let connection = Connection(
      name: name, span: node.nameSpan, kind: kind, local: local, remote: remote, mode: mode,
      proposal: proposal, keys: keys,
      traffic: traffic(node, .any(local.address.family), .any(local.address.family)),
      settings: settings, interface: interface, forward: node.word("forward") ?? .auto,
      isGuarded: node.flag("strict") ?? isStrict, requestID: node.number("reqid"))
    check(connection, node)
    return connection
  }

  func mode(_ node: YAMLNode, _ usual: Mode) -> Mode {
    switch node.text("mode") {
    case "transport": .transport
    case "tunnel": .tunnel
    case "beet": .beet
    case "iptfs": .iptfs
    default: usual
    }
  }

  // MARK: Parts

  private mutating func end(_ node: YAMLNode, _ key: String) -> Connection.End? {
    guard let section = node[key], let address = section.address("address") else { return nil }
    if address.isUnspecified || address.isMulticast {
      diagnostics.error(
        section.span("address"), "\(address) is no address of one host",
        help: "an SA leads to one address")
    }
    checkMapped(IPPrefix(address), section.span("address"))
    var subnets: [IPPrefix] = []
    for element in section.list("subnets") {
      guard let prefix = element.text.flatMap({ IPPrefix($0) }) else { continue }
      checkHostBits(prefix, element.span)
      if subnets.contains(prefix) {
        diagnostics.error(element.span, "\(prefix) is there already", help: "remove one of them")
      }
      subnets.append(prefix)
    }
    return Connection.End(address, subnets: subnets)
  }

  private mutating func keys(_ node: YAMLNode, of name: String) -> Connection.Keys {
    guard let section = node["keys"], section.text == nil else { return .generated }
    guard let incoming = half(section, "in"), let outgoing = half(section, "out") else {
      return .generated
    }
    if incoming.key == outgoing.key {
      diagnostics.error(
        section["out"]?.span("key") ?? section.span,
        "both directions have the key of \(incoming.key)",
        help: "give each direction a key of its own")
    }
    return .fixed(incoming: incoming, outgoing: outgoing)
  }

  private func half(_ node: YAMLNode, _ key: String) -> KeyBundle.Half? {
    guard let section = node[key], let spi = section.spi("spi"), let key = keyReference(section)
    else { return nil }
    return KeyBundle.Half(spi: spi, key: key)
  }

  /// The key of a section; a file's path is relative to that of the configuration.
  func keyReference(_ section: YAMLNode) -> KeyReference? {
    guard let node = section["key"],
      let reference = node.text.flatMap({ KeyReference(reference: $0) })
    else { return nil }
    guard case .file(let path) = reference else { return reference }
    return .file(ConfigurationFiles.path(path, besides: node.span.file))
  }

  private mutating func interface(_ node: YAMLNode) -> Connection.Interface? {
    guard let name = node.text("name"), let id: UInt32 = node.number("if-id") else { return nil }
    var interface = Connection.Interface(
      InterfaceEntry(
        name, interfaceID: id, mtu: node.number("mtu"),
        addresses: node.list("addresses").compactMap { $0.text.flatMap { IPPrefix($0) } }))
    interface.hasRoutes = node.flag("routes") ?? true
    for element in node.list("source") {
      guard let address = element.text.flatMap({ IPAddress($0) }) else { continue }
      if interface.sources.contains(where: { $0.family == address.family }) {
        diagnostics.error(
          element.span, "there is a source of \(address.family) already",
          help: "one for each family")
      }
      interface.sources.append(address)
    }
    return interface
  }
}
