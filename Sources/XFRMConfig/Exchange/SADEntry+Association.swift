internal import XFRMKit

extension SADEntry {
  /// What an SA of the kernel says, without its key.
  ///
  /// - Parameters:
  ///   - kernel: The SA.
  ///   - direction: Which way its packets go.
  ///   - name: What the entry is called.
  /// - Returns: The entry, and what a configuration has no words for.
  static func making(
    _ kernel: SecurityAssociation, _ direction: SecurityAssociation.Direction, _ name: String
  ) throws(Inexpressible) -> (SADEntry, missing: [String]) {
    guard [.transport, .tunnel, .beet, .iptfs].contains(kernel.mode) else {
      throw Inexpressible("it has mode \(kernel.mode)")
    }
    guard kernel.spi.rawValue > 255 else {
      throw Inexpressible("it has a reserved SPI, or none yet")
    }
    guard kernel.requestID != 0 else {
      throw Inexpressible("it has reqid 0, which no policy of a configuration asks for")
    }
    let protection = try AssociationEntry.Protection(kernel)
    let side: SPDEntry.Direction = direction == .outgoing ? .outbound : .inbound
    var association = SecurityAssociation(
      from: kernel.source, to: kernel.destination, spi: kernel.spi, proto: kernel.proto,
      mode: kernel.mode)
    association.requestID = kernel.requestID
    if kernel.mode.hasOuterAddresses { association.flags.insert(.anyFamily) }
    var missing: [String] = []
    let settings = try AssociationSettings(kernel, side, &missing)
    settings.apply(to: &association, side)
    let entry = AssociationEntry(
      ObjectName(name, side == .outbound ? "out" : "in"), direction, association, protection,
      key: nil)
    return (SADEntry(at: .start(of: ""), entry), missing)
  }
}

extension AssociationEntry.Protection {
  fileprivate init(_ kernel: SecurityAssociation) throws(Inexpressible) {
    switch kernel.proto {
    case .esp:
      guard let proposal = ESPProposal(kernel) else {
        let names = [kernel.aead?.name, kernel.encryption?.name, kernel.authentication?.name]
          .compactMap { $0 }
        throw Inexpressible(
          names.isEmpty
            ? "it has no algorithms yet"
            : "no proposal has a name for \(names.joined(separator: ", ")) with keys and check "
              + "values of these lengths")
      }
      self = .esp(proposal)
    case .ah:
      guard let value = kernel.authentication,
        let hash = AuthenticationAlgorithm(named: value.name),
        value.key.count == hash.keys.longest
      else { throw Inexpressible("it has no hash that is known") }
      let bits = value.truncationBits ?? hash.kernelCheckBits
      guard Transforms.name(of: hash, bits) != nil else {
        throw Inexpressible("\(hash.title) with \(bits) bits has no name")
      }
      self = .ah(hash, checkBits: bits)
    case .ipComp:
      guard kernel.compression?.name == CompressionAlgorithm.deflate.name else {
        throw Inexpressible("it compresses with something else than deflate")
      }
      self = .ipComp(.deflate)
    default: throw Inexpressible("it is of \(kernel.proto)")
    }
  }
}
