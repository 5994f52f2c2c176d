internal import Netlink
public import XFRMKit

extension IPText {
  /// Appends what `monitor` prints of an announcement, or of an entry of a list.
  ///
  /// Unlike iproute2's, `nokeys` keeps keys out of it: ``Options/hidesKeys``.
  ///
  /// - Parameter namespace: The kernel's number for the network namespace; `nil` for the current.
  public mutating func append(_ event: XFRMEvent, namespace: Int32? = nil) {
    if let timestamp = options.timestamp { append(timestamp) }
    if options.tellsNamespace { append(namespace: namespace) }
    switch event.content {
    case .associationAdded(let association): append(association)
    case .associationUpdated(let association):
      out.append("Updated ")
      append(association)
    case .associationDeleted(let association):
      out.append("Deleted ")
      append(association)
    case .associationExpired(let expiry):
      out.append("Expired ")
      appendEntry(expiry.association)
      append(isHard: expiry.isHard)
    case .associationsFlushed(let proto):
      out.append("Flushed state proto ")
      append(proto.word, or: proto.rawValue)
      endLine()
      endObject()
    case .policyAdded(let policy): append(policy)
    case .policyUpdated(let policy):
      out.append("Updated ")
      append(policy)
    case .policyDeleted(let policy):
      out.append("Deleted ")
      append(policy)
    case .policyExpired(let expiry):
      out.append("Expired ")
      appendEntry(expiry.policy)
      append(isHard: expiry.isHard)
    case .policiesFlushed(let kind):
      out.append("Flushed policy ")
      // Kernels without sub policies send no attribute.
      if event.header.length > MessageHeader.size { append(kind) }
      endLine()
      endObject()
    case .acquire(let acquire): append(acquire)
    case .checkpoint(let checkpoint): append(checkpoint)
    case .mapping(let mapping): append(mapping)
    case .report(let report): append(report)
    case .defaultActionsChanged(let actions) where event.header.type == .getDefaultActions:
      append(actions)
    case .defaultActionsChanged, .migrated, .other: appendUnknown(event.header)
    }
  }

  private mutating func append(isHard: Bool) {
    out.append(isHard ? "\thard 1" : "\thard 0")
    endLine()
    endObject()
  }

  private mutating func append(_ acquire: Acquire) {
    out.append("acquire proto ")
    append(acquire.proto.word, or: acquire.proto.rawValue)
    out.append(" ")
    if tellsNumbers || acquire.spi != 0 { append(acquire.spi) }
    endLine()
    out.append("  sel ")
    append(acquire.selector, orOf: acquire.policy.selector.family)
    out.append("  policy ")
    appendEntry(acquire.policy, indent: "    ", cpu: acquire.cpu)
    if tellsNumbers {
      out.append("  seq 0x")
      out.append(decimal: acquire.sequence, digits: 8)
      out.append(" ")
      append(acquire.algorithms)
    }
    endLine()
    endObject()
  }

  private mutating func append(_ checkpoint: AssociationCheckpoint) {
    out.append("Async event  (0x")
    out.append(hex: checkpoint.flags.rawValue)
    out.append(") ")
    if checkpoint.flags.contains(.packetsPassed) { out.append(" replay update ") }
    if checkpoint.flags.contains(.timePassed) { out.append(" timer expired ") }
    if checkpoint.flags.contains(.wasSet) { out.append(" policy updated ") }
    out.append("\n\tsrc ")
    out.append(checkpoint.source)
    out.append(" ")
    append(checkpoint.id, checkpoint.requestID)
  }

  private mutating func append(_ mapping: AddressMapping) {
    out.append("Mapping change ")
    append(mapping.old)
    out.append(" -> ")
    append(mapping.new)
    out.append("\n\t")
    append(mapping.id, mapping.requestID)
  }

  private mutating func append(_ endpoint: AddressMapping.Endpoint) {
    out.append(endpoint.address)
    out.append(":")
    out.append(decimal: endpoint.port)
  }

  private mutating func append(_ id: SecurityAssociationID, _ requestID: UInt32) {
    out.append("dst ")
    out.append(id.destination)
    out.append("  reqid 0x")
    out.append(hex: requestID)
    out.append(" protocol ")
    append(protocolName: id.proto)
    out.append("  SPI 0x")
    out.append(hex: id.spi.rawValue)
    out.append("\n")
  }

  private mutating func append(_ report: AddressReport) {
    out.append("report proto ")
    append(report.proto.word, or: report.proto.rawValue)
    out.append(" ")
    endLine()
    out.append("  sel ")
    append(report.selector, orOf: .unspecified)
    if let address = report.careOfAddress {
      appendCareOf(address, of: report.selector.family, indent: "  ")
    }
    endObject()
  }

  private mutating func appendUnknown(_ header: MessageHeader) {
    // The end of a list, and the like.
    guard !Self.isSilent(header.type) else { return }
    out.append("Unknown message: ")
    out.append(decimal: header.length, digits: 8)
    out.append(" 0x")
    out.append(hex: UInt32(header.type.rawValue), digits: 8)
    out.append(" 0x")
    out.append(hex: UInt32(header.flags.rawValue), digits: 8)
    out.append("\n")
  }

  /// `NLMSG_NOOP`, `NLMSG_ERROR` and `NLMSG_DONE`.
  private static func isSilent(_ type: MessageType) -> Bool { 1...3 ~= type.rawValue }
}
