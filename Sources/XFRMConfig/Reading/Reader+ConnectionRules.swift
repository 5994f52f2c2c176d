internal import XFRMKit

extension Reader {
  /// What of a connection does not fit together.
  mutating func check(_ connection: Connection, _ node: YAMLNode) {
    checkEnds(connection, node)
    checkSubnets(connection, node)
    if connection.forward == .yes, !connection.mode.hasOuterAddresses {
      diagnostics.error(
        node.span("forward"), "transport mode is for packets of this host, not for forwarded ones",
        help: "set mode: tunnel")
    }
    if node["tunnel-options"] != nil, !connection.mode.hasOuterAddresses {
      diagnostics.error(
        node.span("tunnel-options"), "transport mode makes no outer header",
        help: "remove them, or set mode: tunnel")
    }
    if case .fixed(let incoming, let outgoing) = connection.keys {
      let isLoop = connection.local.address == connection.remote.address
      if incoming.spi == outgoing.spi, isLoop {
        diagnostics.error(node.span("keys"), "both directions have SPI \(incoming.spi)", help: nil)
      }
    }
    let proto = connection.traffic.proto
    let family = connection.local.address.family
    let isOtherICMP = proto == .icmp && family == .ipv6 || proto == .icmpv6 && family == .ipv4
    if isOtherICMP, connection.kind == .hostToHost {
      diagnostics.error(
        node.span("inner-protocol"), "\(family) has \(family == .ipv4 ? "icmp" : "icmpv6")",
        help: nil)
    }
  }

  private mutating func checkEnds(_ connection: Connection, _ node: YAMLNode) {
    let (local, remote) = (connection.local.address, connection.remote.address)
    guard let section = node["remote"] else { return }
    if local.family != remote.family {
      diagnostics.error(
        section.span("address"), "\(remote) is \(remote.family), and the local end \(local.family)",
        help: "both ends of an SA are of one family")
    } else if local == remote {
      diagnostics.error(
        section.span("address"), "both ends are \(local)", help: "a connection is between two hosts"
      )
    }
  }

  private mutating func checkSubnets(_ connection: Connection, _ node: YAMLNode) {
    let (local, remote) = (connection.local.subnets, connection.remote.subnets)
    let kind = connection.kind.rawValue
    switch connection.kind {
    case .hostToHost:
      for key in ["local", "remote"] {
        guard let section = node[key], section["subnets"] != nil else { continue }
        diagnostics.error(
          section.span("subnets"), "\(kind) has no subnets", help: "set kind: site-to-site")
      }
    case .siteToSite:
      for (key, subnets) in [("local", local), ("remote", remote)] where subnets.isEmpty {
        guard let section = node[key], section["subnets"] == nil else { continue }
        diagnostics.error(
          section.place, "“subnets” is missing in \(key)",
          help: "what is behind it: 10.1.0.0/16; kind: host-to-host protects the hosts themselves")
      }
      if !local.isEmpty, !remote.isEmpty, connection.pairs.isEmpty {
        diagnostics.error(
          node["remote"]?.span("subnets") ?? node.place,
          "no subnet of one end is of the same family as one of the other",
          help: "both ends need IPv4 subnets, or IPv6 ones")
      }
    case .gateway:
      let has = ["local", "remote"].map { node[$0]?["subnets"] != nil }
      guard has[0] == has[1] else { break }
      diagnostics.error(
        node.span("remote"), "a gateway leads from the subnets of one end to everywhere",
        help: "give one end subnets, and the other one none")
    }
    if connection.kind != .hostToHost, !connection.mode.hasOuterAddresses {
      diagnostics.error(
        node.span("mode"), "subnets cannot be reached in transport mode", help: "set mode: tunnel")
    }
    checkOverlap(connection, node)
  }

  /// What is on this side is not on the other.
  private mutating func checkOverlap(_ connection: Connection, _ node: YAMLNode) {
    guard connection.kind == .siteToSite, let section = node["remote"] else { return }
    for element in section.list("subnets") {
      guard let prefix = element.text.flatMap({ IPPrefix($0) }),
        connection.local.subnets.contains(prefix)
      else { continue }
      diagnostics.error(
        element.span, "\(prefix) is behind both ends", help: "a packet cannot be for both")
    }
    // What is among the subnets of this end stays in clear where the other end's hold them.
    for element in section.list("subnets") {
      guard let prefix = element.text.flatMap({ IPPrefix($0) }),
        let own = connection.local.subnets.first(where: { $0 != prefix && $0.covers(prefix) }),
        let outer = connection.remote.subnets.first(where: { $0 != own && $0.covers(own) })
      else { continue }
      diagnostics.error(
        element.span, "\(prefix) is within \(own) of this end, and \(outer) has that among it",
        help: "make a connection of its own for \(prefix), and put it before this one")
    }
  }
}
