internal import XFRMKit

/// Takes a line's words one by one.
struct WordReader {
  private var words: ArraySlice<String>

  init(_ words: [String]) { self.words = words[...] }

  var isAtEnd: Bool { words.isEmpty }

  mutating func word() -> String? { words.popFirst() }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
    word().flatMap { Number($0) }
  }

  mutating func tag() -> Tag? { number(UInt32.self).flatMap { Tag(slot: $0) } }

  mutating func prefix() -> IPPrefix? { word().flatMap { IPPrefix($0) } }

  /// A value and its mask; `-` for none.
  mutating func mark() -> Mark?? {
    guard let word = word() else { return nil }
    if word == "-" { return .some(nil) }
    let parts = word.split(separator: "/").compactMap { UInt32($0) }
    return parts.count == 2 ? .some(Mark(parts[0], mask: parts[1])) : nil
  }
}

extension Mark? {
  fileprivate var word: String { map { "\($0.value)/\($0.mask)" } ?? "-" }
}

// MARK: - SAs

extension SecurityAssociationID {
  var words: [String] {
    [
      "\(destination)", "\(spi.rawValue)", "\(proto.rawValue)", mark.word,
      source.map { "\($0)" } ?? "-",
    ]
  }
}

extension WordReader {
  mutating func associationID() -> SecurityAssociationID? {
    guard let destination = word().flatMap({ IPAddress($0) }), let spi = number(UInt32.self),
      let proto = number(UInt8.self), let mark = mark(), let source = word()
    else { return nil }
    let address = IPAddress(source)
    guard source == "-" || address != nil else { return nil }
    return SecurityAssociationID(
      destination: destination, spi: SPI(rawValue: spi), proto: IPProtocol(rawValue: proto),
      mark: mark, source: address)
  }
}

// MARK: - Policies

extension PolicyKey {
  var words: [String] {
    [
      "\(direction.rawValue)", "\(kind.rawValue)", "\(selector.source)",
      "\(selector.destination)", "\(selector.proto.rawValue)",
      "\(selector.sourcePort.value)/\(selector.sourcePort.mask)",
      "\(selector.destinationPort.value)/\(selector.destinationPort.mask)",
      "\(selector.interfaceIndex)", "\(selector.user)", mark.word,
      interfaceID.map { "\($0)" } ?? "-",
    ]
  }
}

extension WordReader {
  mutating func policyKey() -> PolicyKey? {
    guard let direction = number(UInt8.self), let kind = number(UInt8.self),
      let source = prefix(), let destination = prefix(), let proto = number(UInt8.self),
      let sourcePort = port(), let destinationPort = port(), let index = number(Int32.self),
      let user = number(UInt32.self), let mark = mark(), let id = word()
    else { return nil }
    let interfaceID = UInt32(id)
    guard id == "-" || interfaceID != nil, source.family == destination.family else { return nil }
    var selector = Selector(
      from: source, to: destination, proto: IPProtocol(rawValue: proto))
    selector.sourcePort = sourcePort
    selector.destinationPort = destinationPort
    selector.interfaceIndex = index
    selector.user = user
    return PolicyKey(
      selector, direction: Policy.Direction(rawValue: direction),
      kind: Policy.Kind(rawValue: kind), mark: mark, interfaceID: interfaceID)
  }

  private mutating func port() -> Selector.Port? {
    guard let parts = word()?.split(separator: "/").compactMap({ UInt16($0) }), parts.count == 2
    else { return nil }
    return Selector.Port(parts[0], mask: parts[1])
  }
}

// MARK: - Default actions

extension DefaultActions {
  var words: [String] { [incoming, forwarded, outgoing].map { "\($0.rawValue)" } }
}

extension WordReader {
  mutating func defaultActions() -> DefaultActions? {
    guard let incoming = number(UInt8.self), let forwarded = number(UInt8.self),
      let outgoing = number(UInt8.self)
    else { return nil }
    return DefaultActions(
      incoming: .init(rawValue: incoming), forwarded: .init(rawValue: forwarded),
      outgoing: .init(rawValue: outgoing))
  }
}

// MARK: - Interfaces and routes

extension RouteEntry {
  var words: [String] { ["\(destination)", interface, source.map { "\($0)" } ?? "-"] }
}

extension RouteGuard {
  var words: [String] { ["\(name)", "\(destination)"] }
}

extension WordReader {
  mutating func routeGuard() -> RouteGuard? {
    guard let name = word().flatMap({ ObjectName($0) }), let destination = prefix() else {
      return nil
    }
    return RouteGuard(name, to: destination)
  }

  mutating func route() -> RouteEntry? {
    guard let destination = prefix(), let interface = word(), let source = word() else {
      return nil
    }
    let address = IPAddress(source)
    guard source == "-" || address != nil else { return nil }
    return RouteEntry(to: destination, through: interface, source: address)
  }

  mutating func interface() -> InterfaceEntry? {
    guard let name = word(), let id = number(UInt32.self), let mtu = number(UInt32.self) else {
      return nil
    }
    var entry = InterfaceEntry(name, interfaceID: id, mtu: mtu == 0 ? nil : mtu)
    while !isAtEnd {
      guard let address = prefix() else { return nil }
      entry.addresses.append(address)
    }
    return entry
  }
}
