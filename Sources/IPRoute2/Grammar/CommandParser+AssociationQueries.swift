internal import Netlink
internal import XFRMKit

extension CommandParser {
  /// What `state get` and `state delete` say.
  mutating func associationID() throws(SyntaxError) -> SecurityAssociationID {
    var mark: Mark?
    var id: Identity?
    while let word = take() {
      if word == "mark" {
        mark = try self.mark()
      } else {
        guard id == nil else { throw unknown() }
        putBack()
        id = try identity()
      }
    }
    return associationID(id ?? Identity(), mark)
  }

  func associationID(_ words: Identity, _ mark: Mark?) -> SecurityAssociationID {
    let family = words.family ?? (preferredFamily == .unspecified ? .ipv4 : preferredFamily)
    return SecurityAssociationID(
      destination: words.destination?.address ?? .unspecified(family), spi: words.spi ?? 0,
      proto: words.proto ?? .any, mark: mark.flatMap { isSent($0) ? $0 : nil },
      source: words.source?.address)
  }

  /// iproute2 leaves out of questions a mark that matches what has none, and so finds something else.
  func isSent(_ mark: Mark) -> Bool {
    isNative ? mark.mask != 0 : mark.value & mark.mask != 0
  }

  /// What `state list` and `state deleteall` say.
  mutating func associationQuery() throws(SyntaxError) -> AssociationQuery {
    var query = AssociationQuery()
    var hasIdentity = false
    while let word = take() {
      switch word {
      case "nokeys": query.hidesKeys = true
      case "mode": query.mode = try mode()
      case "reqid": query.requestID = try number("REQID value is invalid")
      case "flag": query.flags = try associationFlags(query.flags ?? [])
      case "mark" where isNative: query.mark = try mark()
      case "if_id" where isNative: query.interfaceID = try number(after: word)
      default:
        guard !hasIdentity else { throw unknown() }
        hasIdentity = true
        putBack()
        let identity = try identity(isLoose: true)
        query.source = identity.source
        query.destination = identity.destination
        query.proto = identity.proto
        query.spi = identity.spi
        if preferredFamily == .unspecified { preferredFamily = identity.family ?? .unspecified }
      }
    }
    query.family = preferredFamily
    return query
  }

  /// What `state flush` says.
  mutating func flushedProtocol() throws(SyntaxError) -> IPProtocol {
    var proto: IPProtocol?
    while let word = take() {
      guard word == "proto" else { throw unknown() }
      guard proto == nil else { throw duplicate(word) }
      proto = try ipsecProtocol()
    }
    return proto ?? .any
  }

  /// What `state allocspi` says.
  mutating func spiRequest() throws(SyntaxError) -> SPIRequest {
    var request = SPIRequest(from: .v4(0), to: .v4(0), mode: .transport)
    var id: Identity?
    var least: UInt32?
    var most: UInt32?
    while let word = take() {
      switch word {
      case "mode": request.mode = try mode()
      case "mark":
        let mark = try mark()
        request.mark = isSent(mark) ? mark : nil
      case "reqid": request.requestID = try number("REQID value is invalid")
      case "seq": request.sequence = try sequence()
      case "min":
        guard least == nil else { throw duplicate(word) }
        least = try number(after: word)
      case "max":
        guard most == nil else { throw duplicate(word) }
        most = try number(after: word)
      case "dir": request.direction = try associationDirection()
      case "pcpu-num":
        let cpu: UInt32 = try number(after: word)
        request.cpu = cpu == .max ? nil : cpu
      case "if_id" where isNative: request.interfaceID = try number(after: word)
      default:
        guard id == nil else { throw unknown() }
        putBack()
        id = try identity()
        if let spi = id?.spi, spi != 0 { throw impossible("\"spi\" is invalid") }
        if preferredFamily == .unspecified { preferredFamily = id?.family ?? .unspecified }
      }
    }
    guard let id else { throw impossible("Not enough information: ID is required") }
    let family = preferredFamily == .unspecified ? .ipv4 : preferredFamily
    request.source = id.source?.address ?? .unspecified(id.family ?? family)
    request.destination = id.destination?.address ?? .unspecified(id.family ?? family)
    request.proto = id.proto ?? .any
    request.range = try spiRange(least, most, proto: request.proto)
    return request
  }

  private func spiRange(
    _ least: UInt32?, _ most: UInt32?, proto: IPProtocol
  ) throws(SyntaxError) -> ClosedRange<UInt32> {
    switch (least, most) {
    case (let least?, let most?):
      guard least <= most else {
        throw impossible("value after \"min\" is larger than value after \"max\"")
      }
      return least...most
    case (_?, nil): throw impossible("\"max\" is missing")
    case (nil, _?): throw impossible("\"min\" is missing")
    // iproute2 leaves out the upper 15/16, for no reason that it tells.
    case (nil, nil): return proto == .ipComp ? 0x100...0xffff : 0x100...0x0fff_ffff
    }
  }
}
