import XFRMKit

extension Policy: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("direction", value?.direction)
    field("action", value?.action)
    field("type", value?.kind)
    field("priority", value?.priority)
    field("index", value?.index)
    field("selector", value?.selector)
    field("mark", value?.mark)
    field("interfaceID", value?.interfaceID)
    field("flags", value?.flags.words)
    field("share", value.flatMap { $0.share.nonzero }.map { Share(rawValue: $0) })
    field("templates", value?.templates)
    field("lifetime", value?.lifetime.ifSet)
    field("usage", value?.usage)
    field("offload", value?.offload)
    field("securityContext", value?.securityContext)
    field("otherAttributes", value?.otherAttributes.ifAny)
  }
}

extension Template: Described {
  /// A mask that is absent allows every algorithm.
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("source", value?.source)
    field("destination", value?.destination)
    field("family", value.flatMap { $0.family == $0.destination.family ? nil : $0.family })
    field("protocol", value?.proto)
    field("mode", value?.mode)
    field("requestID", value?.requestID)
    field("spi", value?.spi.rawValue.nonzero)
    field("level", value?.level)
    field("share", value.flatMap { $0.share.nonzero }.map { Share(rawValue: $0) })
    field("authenticationMask", value?.algorithms.authentication.ifPartial)
    field("encryptionMask", value?.algorithms.encryption.ifPartial)
    field("compressionMask", value?.algorithms.compression.ifPartial)
  }

  private var level: Level { Level(isOptional: isOptional) }

  /// As `ip xfrm` has it.
  private struct Level: Worded {
    var isOptional: Bool
    var word: Scalar { isOptional ? .word("use") : .word("required") }
  }
}

extension UInt32 {
  /// Itself, for masks that leave something out.
  var ifPartial: UInt32? { self == .max ? nil : self }
}
