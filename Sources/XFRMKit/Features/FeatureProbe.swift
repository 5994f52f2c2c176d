/// A request that no kernel carries out: the reason that it is refused for tells whether the kernel
/// has a feature.
protocol FeatureProbe: NetlinkRequest, Sendable {
  /// What a refusal says; `nil` if it was for a reason that has nothing to do with the feature.
  func answer(to refusal: KernelRefusal) -> Feature.Answer?
}

// MARK: - Messages

/// A message with an empty attribute that must not be empty. A kernel that knows the message looks
/// at its attributes before it does anything.
struct MessageProbe: FeatureProbe {
  var messageType: MessageType
  /// Without it the message, all zeros, reaches the code behind it: if that was built in, it finds
  /// nothing to work on.
  var hasWrongAttribute = true

  func encode(into message: inout MessageBuilder) {
    let number = Int(messageType.rawValue) - Int(MessageType.newAssociation.rawValue)
    let size = Self.sizes.indices.contains(number) ? Self.sizes[number] : 0
    // Attributes begin at multiples of four.
    message.append(zeros: (size + 3) & ~3)
    // Whatever number 3 means to a message, it must not be empty.
    if hasWrongAttribute { message.append(.algorithmCompression) { _ in } }
  }

  func answer(to refusal: KernelRefusal) -> Feature.Answer? {
    switch (refusal.errno, hasWrongAttribute) {
    case (.outOfRange, true), (.invalidArgument, false): .present
    case (.invalidArgument, true) where refusal.explanation == nil: .absent(nil)
    case (.noProtocolOption, false): .absent(nil)
    default: nil
    }
  }

  /// What the kernel wants each message to have at least before its attributes, in bytes.
  static let sizes = [
    224, 24, 24, 168, 64, 64, 232, 280, 232, 168, 224, 176, 1, 0, 48, 48, 60, 64, 0, 4, 4, 4, 64,
    3, 3, 132,
  ]
}

// MARK: - Attributes

/// A question for an SA that there cannot be, with an attribute of a wrong length. A kernel that
/// knows the attribute complains about it; one that does not looks for the SA.
struct AttributeProbe: FeatureProbe {
  var type: AttributeType

  var messageType: MessageType { .getAssociation }

  func encode(into message: inout MessageBuilder) {
    // None is ever found by an SPI of 0.
    SecurityAssociationID(destination: .documentation(2, .ipv4), spi: 0).encode(into: &message)
    message.append(type) { attribute in
      // The only one that has to be empty.
      if type == .iptfsDontFragment { attribute.append(UInt32(0)) }
    }
  }

  func answer(to refusal: KernelRefusal) -> Feature.Answer? {
    switch refusal.errno {
    case .outOfRange: .present
    case .invalidArgument where refusal.attribute == type: .present
    // It may have any length.
    case .noSuchProcess where type == .padding: .unknown(.cannotTell)
    case .noSuchProcess: .absent(nil)
    default: nil
    }
  }
}

// MARK: - Sub policies

/// A question for a sub policy that there cannot be: its number is that of another direction.
struct SubPolicyProbe: FeatureProbe {
  private let query = Query.policy(PolicyKey(index: 1, direction: .incoming, kind: .sub))

  var messageType: MessageType { query.messageType }
  func encode(into message: inout MessageBuilder) { query.encode(into: &message) }

  func answer(to refusal: KernelRefusal) -> Feature.Answer? {
    switch refusal.errno {
    case .noSuchFile: .present
    case .invalidArgument: .absent(nil)
    default: nil
    }
  }
}

extension IPAddress {
  /// One that stands in documentation and nowhere else: 192.0.2.`number` or 2001:db8::`number`.
  package static func documentation(_ number: UInt8, _ family: AddressFamily) -> IPAddress {
    family == .ipv6
      ? .v6(0x2001_0db8_0000_0000, UInt64(number)) : .v4(0xc000_0200 | UInt32(number))
  }
}
