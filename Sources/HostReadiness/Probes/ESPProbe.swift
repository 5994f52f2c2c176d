internal import XFRMKit

extension ESPVariant {
  /// Adds an SA of the kind, reads it back and deletes it: only the real thing proves anything,
  /// as much else succeeds on kernels without ESP.
  func probe(_ client: inout XFRMClient) -> ProbeOutcome {
    let asked = association
    do throws(XFRMError) {
      try client.add(asked)
      let found = try client.association(asked.id)
      try client.delete(asked.id)
      if let difference = found.difference(from: asked) {
        return .different(request: "read back \(asked.id)", difference: difference)
      }
      return .works("add \(asked.id)")
    } catch {
      return .refused(error)
    }
  }

  /// An SA between addresses that documentation may use and nobody else.
  var association: SecurityAssociation {
    let (source, destination): (IPAddress, IPAddress) =
      switch family {
      case .ipv6: (.v6(0x2001_0db8_0000_0000, 1), .v6(0x2001_0db8_0000_0000, 2))
      default: (.v4(0xc000_0201), .v4(0xc000_0202))
      }
    var association = SecurityAssociation(
      from: source, to: destination, spi: 0x1000, mode: .tunnel)
    association.requestID = 1
    association.replayWindow = 32
    proposal.protect(&association)
    return association
  }
}

extension SecurityAssociation {
  /// What is not as it was asked for, in words; `nil` if all is.
  func difference(from asked: SecurityAssociation) -> String? {
    if source != asked.source { return "source \(source) for \(asked.source)" }
    if destination != asked.destination {
      return "destination \(destination) for \(asked.destination)"
    }
    if spi != asked.spi { return "SPI \(spi) for \(asked.spi)" }
    if proto != asked.proto { return "\(proto) for \(asked.proto)" }
    if mode != asked.mode { return "\(mode) mode for \(asked.mode)" }
    if requestID != asked.requestID { return "request ID \(requestID) for \(asked.requestID)" }
    if replayWindow != asked.replayWindow {
      return "replay window \(replayWindow) for \(asked.replayWindow)"
    }
    return algorithmDifference(from: asked)
  }

  private func algorithmDifference(from asked: SecurityAssociation) -> String? {
    if aead?.name != asked.aead?.name || aead?.checkBits != asked.aead?.checkBits {
      return "another authenticated cipher"
    }
    if encryption?.name != asked.encryption?.name { return "another cipher" }
    if authentication?.name != asked.authentication?.name
      || authentication?.truncationBits != asked.authentication?.truncationBits
    {
      return "another hash"
    }
    let keys = [aead?.key, encryption?.key, authentication?.key]
    let askedKeys = [asked.aead?.key, asked.encryption?.key, asked.authentication?.key]
    for (key, askedKey) in zip(keys, askedKeys) where key != askedKey {
      // A kernel locked down for confidentiality shows zeros, as many as there are bytes.
      guard let key, key.count == askedKey?.count, key.isZero else { return "another key" }
    }
    return nil
  }
}

extension Secret {
  fileprivate var isZero: Bool {
    withBytes { bytes in
      var union: UInt8 = 0
      for index in bytes.indices { union |= bytes[index] }
      return union == 0
    }
  }
}
