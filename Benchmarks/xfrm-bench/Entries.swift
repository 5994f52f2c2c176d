import XFRMKit

// The same entries as those of the other programs.

func policy(_ number: UInt32) -> Policy {
  let selector = Selector(
    from: IPPrefix(.v4(0x0a00_0000 + number)), to: IPPrefix(.v4(0x0b00_0000 + number)))
  let template = Template(
    from: .v4(0xc000_0201), to: .v4(0xc000_0202), mode: .tunnel, requestID: 1)
  return Policy(selector, direction: .outgoing, templates: [template])
}

func association(_ number: UInt32) -> SecurityAssociation {
  var association = SecurityAssociation(
    from: .v4(0xc000_0201), to: .v4(0xc612_0000 + number), spi: SPI(rawValue: 0x1000 + number),
    mode: .tunnel)
  association.requestID = 1
  let key = [UInt8](capacity: 36) { key in
    for position in 0..<UInt32(36) { key.append(UInt8(truncatingIfNeeded: number + position)) }
  }
  association.aead = AEAD(name: "rfc4106(gcm(aes))", key: Secret(key.span), checkBits: 128)
  return association
}
