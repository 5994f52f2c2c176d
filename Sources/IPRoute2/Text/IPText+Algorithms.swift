internal import Netlink
internal import XFRMKit

extension IPText {
  mutating func appendAlgorithms(_ association: SecurityAssociation) {
    if let authentication = association.authentication {
      if let bits = authentication.truncationBits {
        append("auth-trunc ", authentication.name, authentication.key)
        append(checkBits: bits)
      } else {
        append("auth ", authentication.name, authentication.key)
      }
      endLine()
    }
    if let aead = association.aead {
      append("aead ", aead.name, aead.key)
      append(checkBits: aead.checkBits)
      endLine()
    }
    if let encryption = association.encryption {
      append("enc ", encryption.name, encryption.key)
      endLine()
    }
    if let compression = association.compression {
      append("comp ", compression.name, .empty)
      endLine()
    }
  }

  private mutating func append(_ word: StaticString, _ name: String, _ key: Secret) {
    out.append("\t")
    out.append(word)
    out.append(name: name)
    out.append(" ")
    if options.hidesKeys {
      out.append("<<Keys hidden>>")
    } else if key.count > 0 {
      out.append("0x")
      key.withBytes { out.append(hexOf: $0) }
      if tellsNumbers {
        out.append(" (")
        out.append(decimal: UInt64(key.count * 8))
        out.append(" bits)")
      }
    }
  }

  /// What iproute2 takes for a number with a sign.
  private mutating func append(checkBits: UInt32) {
    out.append(" ")
    out.append(decimal: Int64(Int32(bitPattern: checkBits)))
  }
}
